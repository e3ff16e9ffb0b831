-- The framework of each repository that we looked into, as Papers With Code would have labelled it, and why.
-- @partition repository
-- @grain repository
-- @column framework: our id; none where nothing is found, undecided where nothing could be read
with
readings as (from intermediate.repository_readings),
evidence as (from intermediate.repository_evidence where framework is not null),
frameworks as (from staging.reference__frameworks),

counted as (
    select
        evidence.repository, evidence.framework,
        min(frameworks.framework_order) as framework_order,
        count(distinct evidence.path)
            filter (where evidence.kind in ('import', 'include', 'require') and counts_for = 'label') as importing_count,
        coalesce(sum(evidence.word_count) filter (where evidence.kind = 'readme'), 0)::bigint as readme_count,
        count(*) filter (where evidence.kind = 'manifest' and counts_for = 'label') as manifest_count,
        count(*) filter (where counts_for = 'implied') as implied_count,
        min(evidence.path)
            filter (where evidence.kind in ('import', 'include', 'require') and counts_for = 'label') as importing_path,
        min(evidence.path) filter (where evidence.kind = 'readme') as readme_path,
        min(evidence.path) filter (where evidence.kind = 'manifest') as manifest_path
    from evidence
    inner join frameworks using (framework)
    group by evidence.repository, evidence.framework
),

-- As the archive did: one file of JAX or MindSpore anywhere is enough; else the framework that most files import, then
-- the one that the README names more often, then TensorFlow. A README alone never says Torch (Lua): its name there is
-- that of PyTorch. Keras alone is none.
candidates as (
    select
        *,
        case
            when framework = 'jax' and (importing_count > 0 or manifest_count > 0) then 1
            when framework = 'mindspore' and importing_count > 0 then 2
            when framework = 'jax' then 4
            else 3
        end as step
    from counted
    where importing_count > 0
        or (readme_count > 0 and framework <> 'torch')
        or (framework = 'jax' and manifest_count > 0)
),

decided as (
    select
        repository, framework,
        case
            when step = 1 and importing_count = 0 then 'a manifest lists JAX'
            when step in (1, 2) then 'one file that imports it is enough'
            when importing_count > 0 then 'most files that import'
            else 'named in the README'
        end as rule,
        coalesce(importing_path, if(step = 1, manifest_path, readme_path)) as path
    from candidates
    qualify row_number() over (
        partition by repository
        order by step, importing_count desc, readme_count desc, framework = 'tensorflow' desc, framework_order
    ) = 1
),

main as (
    select repository, framework
    from counted
    where importing_count > 0
    qualify row_number() over (partition by repository order by importing_count desc, readme_count desc, framework_order) = 1
),

implied as (
    select repository, string_agg(framework, ', ' order by framework_order) as implied_frameworks
    from counted
    where implied_count > 0
    group by repository
)

select
    readings.repository,
    case
        when not readings.is_read then 'undecided'
        else coalesce(decided.framework, 'none')
    end as framework,
    main.framework as main_framework, implied.implied_frameworks,
    case
        when readings.kind = 'gone' then 'the repository is gone or private'
        when readings.kind = 'not answerable' then 'the service could not answer for it'
        when not readings.is_read then 'no file could be read'
        when decided.rule is not null then decided.rule
        when readings.kind = 'without code' then 'no code, and no name in the README'
        else 'no framework is imported or named'
    end as rule,
    decided.path
from readings
left join decided using (repository)
left join main using (repository)
left join implied using (repository)
