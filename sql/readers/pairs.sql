-- Our id of a framework by any of its names: the id, the label, or a word that a source has for it ('TF', 'sklearn').
create or replace macro main.framework_id(name) as (
    with

    names as (
        select framework, framework_order, 1 as preference, framework as word from staging.reference__frameworks
        union all by name
        select framework, framework_order, 2 as preference, label as word from staging.reference__frameworks
        union all by name
        select framework, framework_order, 3 as preference, papers_with_code_label as word
        from staging.reference__frameworks
        union all by name
        select
            framework,
            framework_order,
            4 as preference,
            unnest([
                google_search_term, stack_overflow_tag, huggingface_library, pypi_package, conda_package, github_repo
            ]) as word
        from staging.reference__frameworks
    )

    select arg_min(framework, (preference, framework_order))
    from names
    where lower(word) = lower(trim(name))
);

-- The share of one framework in it and another, in every period of every source: `from share_against('JAX', 'TF')`.
create or replace macro main.share_against(one, another) as table
    select
        source,
        series,
        population,
        grain,
        period_start,
        framework,
        other,
        value,
        other_value,
        pair_value,
        unit,
        share_of_pair_pct,
        low_pct,
        high_pct,
        leader,
        is_within_chance,
        origin,
        quality
    from marts.pairs
    where framework = framework_id(one) and other = framework_id(another)
    order by source, series, population, grain, period_start;
