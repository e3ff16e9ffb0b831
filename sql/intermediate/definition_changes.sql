-- What an upgrade of the program has changed by itself, as one change; empty where the release before was of this version.
-- @grain subject
-- @column kind: definitions changed
-- @column subject: id of the release before
-- @columns before, after, sentence
select
    'definitions changed' as kind, release_before as subject,
    number_words(figure_count) || ' figures' as before,
    number_words(changed_count) || ' that read differently' as after,
    format(
        'Definitions changed: a newer version made this release; {:,} of {:,} figures of {} read differently by it.',
        changed_count, figure_count, release_before
    ) as sentence
from staging.refresh__definitions
where release_before is not null
