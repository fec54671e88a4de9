"""Signatures as others verify them, waits as they are documented, addresses that are called and that never are."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from server.core.events import EVENTS
from server.core.words import WORDS
from server.integrations import signing
from server.integrations.addresses import NoAddress, Places, parse
from server.integrations.rules.webhooks import JITTER, WAITS, Answer, Following, is_hopeless, judge, reason_of
from server.integrations.schemas.webhooks import KINDS, TEST, WANTABLE

TEXTS = Path(__file__).parents[2] / "pwa/src/screens/webhooks/texts"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_signed_as_the_standards_own_example() -> None:
    said = signing.headers([signing.secret_of(SECRET)], MESSAGE, AT, BODY)
    assert said == {"webhook-id": MESSAGE, "webhook-timestamp": "1614265330", "webhook-signature": SIGNED}


def test_while_a_secret_is_replaced_both_sign_the_new_one_first() -> None:
    new = bytes(range(32))
    first, second = signing.headers([new, signing.secret_of(SECRET)], MESSAGE, AT, BODY)["webhook-signature"].split(" ")
    assert second == SIGNED
    assert first == signing.signature(new, MESSAGE, 1614265330, BODY) != SIGNED


def test_a_secrets_text_is_its_bytes() -> None:
    secret = bytes(range(32))
    assert signing.secret_text(secret) == "whsec_" + b64encode(secret).decode()
    assert signing.secret_of(signing.secret_text(secret)) == secret


# --- what an answer means


@pytest.mark.parametrize(
    ("status", "reason"),
    [(200, ""), (204, ""), (299, ""), (301, "redirected"), (307, "redirected"), (400, "status_wrong"),
     (404, "status_wrong"), (410, "endpoint_gone"), (500, "status_wrong")],
)  # fmt: skip
def test_only_two_hundred_and_something_is_a_yes(status: int, reason: str) -> None:
    assert reason_of(status) == reason
    assert not reason or reason in WORDS


def test_a_delivery_is_tried_as_the_table_says_and_then_has_failed() -> None:
    late = Answer(None, "answer_late")
    waits = [judge(late, tries, 0.0, test=False) for tries in range(1, len(WAITS) + 2)]
    assert waits == [*(Following("postpone", wait) for wait in WAITS), Following("give_up")]
    assert timedelta(hours=20) < sum(WAITS, timedelta()) < timedelta(hours=25)
    assert list(WAITS) == sorted(WAITS)


def test_a_wait_is_longer_by_chance_but_never_shorter() -> None:
    late = Answer(None, "answer_late")
    assert judge(late, 1, 1.0, test=False).after == WAITS[0] * (1 + JITTER)


def test_who_asks_for_more_time_gets_it_but_not_for_ever() -> None:
    asked = Answer(503, "status_wrong", asked_wait=120)
    assert judge(asked, 1, 0.0, test=False).after == timedelta(minutes=2)
    assert judge(asked, 5, 0.0, test=False).after == WAITS[4]
    assert judge(Answer(429, "status_wrong", asked_wait=1e9), 1, 0.0, test=False).after == timedelta(hours=12)
    assert judge(Answer(500, "status_wrong", asked_wait=120), 1, 0.0, test=False).after == WAITS[0]


def test_a_test_is_tried_once_and_who_is_gone_is_gone_at_the_first_try() -> None:
    assert judge(Answer(500, "status_wrong"), 1, 0.0, test=True) == Following("give_up")
    assert judge(Answer(410, "endpoint_gone"), 1, 0.0, test=False) == Following("gone")
    assert judge(Answer(200, ""), 7, 0.0, test=False) == Following("deliver")


def test_an_endpoint_is_given_up_after_days_not_after_hours() -> None:
    assert not is_hopeless(AT, AT + timedelta(hours=71))
    assert is_hopeless(AT, AT + timedelta(hours=72))


# --- where webhooks go

PUBLIC = ("93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946")
NOT_PUBLIC = (
    "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1",
    "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::1",
    # the special-purpose registries of IANA
    "0.1.2.3", "192.0.0.1", "192.0.0.8", "192.0.0.9", "192.0.0.10", "192.0.0.170", "192.0.0.171", "192.31.196.1",
    "192.52.193.1", "192.88.99.2", "192.175.48.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "64:ff9b:1::1",
    "100::1", "100:0:0:1::1", "2001:1::1", "2001:1::2", "2001:1::3", "2001:2::1", "2001:3::1", "2001:4:112::1",
    "2001:10::1", "2001:20::1", "2001:30::1", "2620:4f:8000::1", "3fff::1", "5f00::1", "fec0::1", "::ffff:192.0.0.8",
)  # fmt: skip
HTTPS = parse("https://shop.example.com/hooks")


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_called(address: str) -> None:
    assert Places().permitted(HTTPS, [ip_address(address)]) == [ip_address(address)]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_never_called(address: str) -> None:
    with pytest.raises(NoAddress, match="address_refused"):
        Places().permitted(HTTPS, [ip_address(address)])


def test_of_a_names_addresses_only_the_public_ones_are_called() -> None:
    found = [ip_address(each) for each in ("10.0.0.1", PUBLIC[0], "::1", PUBLIC[2])]
    assert Places().permitted(HTTPS, found) == [ip_address(PUBLIC[0]), ip_address(PUBLIC[2])]


def test_a_mapped_address_is_judged_and_called_as_what_it_is() -> None:
    assert Places().permitted(HTTPS, [ip_address("::ffff:1.1.1.1")]) == [ip_address("1.1.1.1")]


def test_a_listed_network_is_called_though_it_is_not_public() -> None:
    places = Places(["10.20.0.0/24"])
    assert places.permitted(HTTPS, [ip_address("10.20.0.7")]) == [ip_address("10.20.0.7")]
    with pytest.raises(NoAddress, match="address_refused"):
        places.permitted(HTTPS, [ip_address("10.20.1.7")])


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"])
def test_loopback_and_link_local_are_in_no_network_by_the_way(address: str) -> None:
    with pytest.raises(NoAddress, match="address_refused"):
        Places(["0.0.0.0/0"]).permitted(HTTPS, [ip_address(address)])


def test_loopback_is_called_where_it_is_listed_itself_and_by_http_only_where_that_is_allowed() -> None:
    with pytest.raises(NoAddress, match="https_wanted"):
        Places(["127.0.0.0/8"]).look("http://127.0.0.1:9/")
    places = Places(["127.0.0.0/8"], http=True)
    assert places.look("http://127.0.0.1:9/a?b=c").path == "/a?b=c"
    with pytest.raises(NoAddress, match="address_refused"):
        places.permitted(parse("http://shop.example.com/"), [ip_address(PUBLIC[0])])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://shop.example.com/", "https_wanted"), ("ftp://shop.example.com/", "https_wanted"),
        ("shop.example.com", "https_wanted"), ("", "https_wanted"), ("https://", "url_malformed"),
        ("https://user:pw@shop.example.com/", "url_malformed"), ("https://shop.example.com/#x", "url_malformed"),
        ("https://shop.example.com:0/", "url_malformed"), ("https://shop.example.com:99999/", "url_malformed"),
        ("https://shop.example.com/a b", "url_malformed"), ("https://shop.example.com/\r\nX: y", "url_malformed"),
        ("https://[::1", "url_malformed"), ("https://shöp.example.com/", "url_malformed"),
        ("https://shop.example.com/" + "x" * 500, "url_malformed"), ("https://127.0.0.1/", "address_refused"),
        ("https://[::ffff:10.0.0.1]/", "address_refused"), ("https://169.254.169.254/latest", "address_refused"),
    ],
)  # fmt: skip
def test_what_is_no_address_of_an_endpoint_is_refused_with_its_reason(url: str, reason: str) -> None:
    with pytest.raises(NoAddress) as refused:
        Places().look(url)
    assert refused.value.reason == reason
    assert reason in WORDS


# --- what is told


def test_what_can_be_asked_for_are_the_events_of_orders_and_shipments() -> None:
    assert set(WANTABLE) == {name for name in EVENTS if name.startswith(("order.", "shipment."))}
    assert {*WANTABLE, TEST} == KINDS.keys()


def test_nothing_that_is_told_names_a_person() -> None:
    told = {field for kind in KINDS.values() for field in kind.example.__struct_fields__}
    assert told == {
        "order", "number", "channel", "external_ref", "day", "what", "hold", "reason", "status", "warehouse",
        "shipment", "shipment_number", "carrier", "service", "parcels", "endpoint",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_event_that_can_be_asked_for_has_its_words_on_the_screen(language: str) -> None:
    texts = json.loads((TEXTS / f"{language}.json").read_text("utf-8"))
    assert {f"webhooks.type.{kind}" for kind in KINDS} <= texts.keys()
