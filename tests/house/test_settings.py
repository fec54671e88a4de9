"""Settings: read once, each with its help; a wrong one is one sentence with its name, wanted and got."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.docs.operations import settings_page
from server.settings import PREFIX, Settings, SettingWrong, read, unknown


def test_nothing_set_means_this_machine_and_a_file_in_the_data_folder() -> None:
    settings = read({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8300)
    assert settings.database_url == f"sqlite:///{Path('data/pickwave.sqlite').absolute()}"
    assert settings.hosts == {"localhost", "127.0.0.1", "[::1]"}


def test_what_is_set_is_taken() -> None:
    settings = read(
        {
            "PICKWAVE_PORT": " 9000 ",
            "PICKWAVE_DATA_DIR": "/srv/pickwave",
            "PICKWAVE_DEMO": "true",
            "PICKWAVE_PRINTER_ADDRESSES": "127.0.0.1:9100, 10.0.0.0/24",
            "PATH": "/usr/bin",
        }
    )
    assert (settings.port, settings.demo) == (9000, True)
    assert settings.database_url == "sqlite:////srv/pickwave/pickwave.sqlite"
    assert settings.printer_addresses == ("127.0.0.1:9100", "10.0.0.0/24")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eighty", "PICKWAVE_PORT: wanted a whole number from 0 to 65535, got 'eighty'."),
        ("PORT", "70000", "PICKWAVE_PORT: wanted a whole number from 0 to 65535, got '70000'."),
        ("DEMO", "maybe", "PICKWAVE_DEMO: wanted true or false, got 'maybe'."),
        ("LOG_LEVEL", "loud", "PICKWAVE_LOG_LEVEL: wanted debug, info, warning or error, got 'loud'."),
        ("DATA_DIR", "", "PICKWAVE_DATA_DIR: wanted the path of a folder, got ''."),
        (
            "DATABASE_URL",
            "mysql://root:secret@db/x",
            "PICKWAVE_DATABASE_URL: wanted sqlite:///FILE or postgresql://USER@HOST/NAME, got 'mysql://…@db/x'.",
        ),
    ],
)
def test_a_wrong_value_is_one_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingWrong) as error:
        read({PREFIX + name: value})
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    "wrong", ["bestellung@bücher.example", "büro@shop.example", "a b@shop.example", "@shop.example", "shop.example",
              "Shop <a@shop.example>", "a@shop..example", "a@@shop.example", ".a@shop.example"]
)  # fmt: skip
def test_mail_comes_from_no_address_of_which_no_head_can_be_made(wrong: str) -> None:
    with pytest.raises(SettingWrong) as error:
        read({"PICKWAVE_MAIL_FROM": wrong})
    assert str(error.value) == (
        f"PICKWAVE_MAIL_FROM: wanted NAME@DOMAIN in ASCII, a domain with other letters as xn--…, got {wrong!r}."
    )


@pytest.mark.parametrize(
    ("name", "wrong"), [("STRIPE_KEY", "pk_live_0123456789"), ("STRIPE_WEBHOOK_SECRET", "0123456789"),
                        ("SANDBOX_WEBHOOK_SECRET", "short one")]
)  # fmt: skip
def test_what_is_secret_is_never_said_however_wrong_it_is(name: str, wrong: str) -> None:
    with pytest.raises(SettingWrong) as error:
        read({PREFIX + name: wrong})
    assert wrong not in str(error.value)


def test_what_is_secret_is_not_in_what_is_printed_of_the_settings() -> None:
    settings = read({"PICKWAVE_STRIPE_KEY": "sk_test_0123456789"})
    assert settings.stripe_key == "sk_test_0123456789"
    assert "0123456789" not in f"{settings} {settings!r}"
    assert "stripe_key=…" in repr(settings)


@pytest.mark.parametrize("url", ["http://stripe.example", "https://a:b@stripe.example", "ftp://x", "https://x/v1"])
def test_a_key_goes_nowhere_in_the_open(url: str) -> None:
    with pytest.raises(SettingWrong):
        read({"PICKWAVE_STRIPE_URL": url})
    assert read({"PICKWAVE_STRIPE_URL": "http://127.0.0.1:9000"}).stripe_url == "http://127.0.0.1:9000"


def test_a_misspelt_setting_is_told_and_what_belongs_to_the_tests_is_not() -> None:
    said = list(unknown({"PICKWAVE_PROT": "1", "PICKWAVE_TEST_POSTGRES_URL": "x", "PICKWAVE_PORT": "1", "HOME": "/"}))
    assert said == ["PICKWAVE_PROT is no setting, PICKWAVE_PORT is; it is ignored."]


def test_every_setting_has_a_row_with_its_help() -> None:
    page = settings_page()
    for name in Settings.__struct_fields__:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{PREFIX}{name.upper()}` ")]
        assert len(row.split(" | ")[3]) > 20, row
