-- Host, owner and name of a repository's address in lower case: without scheme, user, www, query, anchor, deep path,
-- `.git` and trailing slash. On GitHub the first two parts of the path name it; elsewhere groups may nest, so the path is
-- cut where it goes into the repository (/tree/..., /blob/..., /-/...). Nearly all addresses are plain and take the first
-- branch; the other takes ten times as long, and trimming blanks as much as the match.
create or replace macro main.repository_key_of(address) as
    case
        when regexp_full_match(lower(address), 'https://github\.com/[a-z0-9_.-]+/[a-z0-9_-]+')
            then substr(lower(address), 9)
        else regexp_replace(
            rtrim(
                case
                    when regexp_matches(lower(trim(address)), '^([a-z+]+://)?([^/@]*@)?(www\.)?github\.com/')
                        then regexp_extract(lower(trim(address)), '(github\.com/+[^/?#]+/*[^/?#]*)', 1)
                    else regexp_replace(
                        regexp_replace(lower(trim(address)), '^([a-z+]+://)?([^/@]*@)?(www\.)?', ''),
                        '(/(-/|tree/|blob/|src/|raw/|wiki/|issues/|releases/)|[?#]).*$',
                        ''
                    )
                end,
                '/'
            ),
            '\.git$',
            ''
        )
    end;
