"""Settings are read once, typed, and say what is wrong with a value."""

from pathlib import Path

import pytest

from flows.command.cli import main
from flows.errors import SettingsError
from flows.settings import PROJECT, Settings, data_folder, misspelt


def test_defaults_are_the_project_s_own_folders():
    settings = Settings.from_env({})
    assert settings.data == PROJECT / "data"
    assert settings.mirror is None


def test_variables_take_the_type_of_their_default(tmp_path):
    settings = Settings.from_env(
        {
            "TRENDS_DATA": str(tmp_path),
            "TRENDS_MIRROR": "http://127.0.0.1:8000/",
            "TRENDS_SOURCE_SECONDS": "7.5",
            "TRENDS_RELEASES_KEPT": "2",
            "TRENDS_PAPERS_WITH_CODE_ABSTRACTS": "yes",
            "TRENDS_USER_AGENT": "",
        }
    )
    assert (settings.data, settings.mirror, settings.source_seconds) == (tmp_path, "http://127.0.0.1:8000", 7.5)
    assert (settings.releases_kept, settings.papers_with_code_abstracts) == (2, True)
    assert settings.user_agent == Settings().user_agent
    assert settings.reference == PROJECT / "data" / "reference", "reference tables belong to the project"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TRENDS_MIRROR", "localhost:8000", "expected an address such as"),
        *(
            ("TRENDS_MIRROR", f"http://{odd}", "expected an address such as .* found 'http://")
            for odd in ("[::1", "127.0.0.1:99999", "h:0", "h:x", ":80", "me:secret@h/?x")
        ),
        ("TRENDS_MIRROR", "http://me:secret@h:99999", r"expected .* found 'http://\*\*\*@h:99999'"),
        *(
            (name, odd, "expected an address .* found [0-9]+ characters that are none")
            for name in ("TRENDS_ALERT_WEBHOOK", "TRENDS_HEARTBEAT_URL")
            for odd in ("hooks.example/x", "slack://a/b", "http://[::1/x", "https://h:99999/x")
        ),
        ("TRENDS_DATA", "~no-such-user-here/data", "expected a folder, found"),
        ("TRENDS_DATA", "/tmp/what?/data", "expected a path in UTF-8 without a question mark"),
        ("TRENDS_DATA", "/tmp/\udcff", "expected a path in UTF-8 without"),
        ("TRENDS_SOURCE_SECONDS", "soon", "expected a positive number below 100,000,000, found 'soon'"),
        ("TRENDS_SOURCE_SECONDS", "inf", "expected a positive number"),
        ("TRENDS_RELEASES_KEPT", "0", "expected a positive whole number"),
        ("TRENDS_RELEASES_KEPT", "2.5", "expected a positive whole number"),
        ("TRENDS_PAPERS_WITH_CODE_ABSTRACTS", "perhaps", "expected 1 or 0"),
        ("TRENDS_SOURCE_SECONDS", "1e308", "expected a positive number below"),
        ("TRENDS_CONNECT_SECONDS", "NaN", "expected a positive number below"),
        ("TRENDS_MAX_BYTES", "9" * 30, "expected a positive whole number below"),
        ("TRENDS_SCHEDULE_PORT", "99999999", "expected a port up to 65535"),
        ("TRENDS_MEMORY_LIMIT", "banana", "expected a size such as 800MB"),
        ("TRENDS_QUERY_MEMORY", "10%", "expected a size such as 800MB"),
        ("TRENDS_USER_AGENT", "a\nb", "expected one line of printable ASCII"),
        ("TRENDS_PAPERS_WITH_CODE_FORMAT", "csv", "expected parquet or json"),
    ],
)
def test_a_value_that_cannot_work_is_named(name, value, words):
    with pytest.raises(SettingsError, match=f"{name}: {words}"):
        Settings.from_env({name: value})


def test_an_installation_without_its_sql_says_the_cure(tmp_path: Path):
    with pytest.raises(SettingsError, match="install framework-trends anew"):
        Settings(project=tmp_path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("TRENDS_SOURCE_SECOND", "did you mean TRENDS_SOURCE_SECONDS?"),
        ("TRENDS_MIROR", "did you mean TRENDS_MIRROR?"),
        ("TRENDS_QQQ", "is no setting and has no effect."),
    ],
)
def test_a_misspelt_setting_is_warned_of(name, words):
    [said] = misspelt({name: "1", "TRENDS_DATA": "x", "TRENDS_PROJECT": "y", "HOME": "z"})
    assert said.startswith(name)
    assert words in said


def test_every_command_warns_of_it_and_ends_as_before(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TRENDS_DATA", str(tmp_path))
    monkeypatch.setenv("TRENDS_ALERT_WEBHOK", "x")
    assert main(["queries"]) == 0
    assert "warning: TRENDS_ALERT_WEBHOK is no setting" in capsys.readouterr().err


def test_a_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(SettingsError, match=r"TRENDS_DATA: expected a folder, found that .*file is a file"):
            Settings.from_env({"TRENDS_DATA": str(path)})


def test_a_terminal_of_few_letters_gets_one_line(tmp_path, monkeypatch, capsys):
    def query(*_, **__):
        raise UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range")

    monkeypatch.setenv("TRENDS_DATA", str(tmp_path))
    monkeypatch.setattr("flows.ask.walls.ask", query)
    assert main(["query", "select 1"]) == 1
    assert "this terminal shows ascii only" in capsys.readouterr().err


def test_a_checkout_keeps_its_data_and_an_installed_package_takes_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data_folder() == PROJECT / "data"
    monkeypatch.setattr("flows.settings.PROJECT", tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert data_folder() == tmp_path / "share" / "framework-trends"
