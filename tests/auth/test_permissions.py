"""The table of roles and permissions."""

from __future__ import annotations

from server.auth.docs import permissions_page
from server.auth.permissions import ADMIN, DEVICE_ALONE, PERMISSIONS, ROLES, exceeding, permissions_of

TOPICS = {"live.queue", "live.order", "live.waves", "live.board", "live.pack"}


def test_every_row_names_only_roles_that_there_are_and_says_what_it_allows() -> None:
    for row in PERMISSIONS.values():
        assert row.roles <= set(ROLES), row.name
        assert row.sentence.endswith("."), row.name
        assert row.sentence[0].isupper(), row.name


def test_the_administrator_may_everything() -> None:
    assert permissions_of([ADMIN]) == set(PERMISSIONS)


def test_every_role_may_say_who_it_is() -> None:
    for role in ROLES:
        assert {"self", "public", "docs.read"} <= permissions_of([role])


def test_every_topic_has_its_permission() -> None:
    assert {name for name in PERMISSIONS if name.startswith("live.")} == TOPICS


def test_a_picker_sees_no_addresses_and_manages_nothing() -> None:
    assert permissions_of(["picker"]) == {
        "floor.commands", "tasks.read", "inventory.read", "catalog.read", "locations.read", "live.queue",
        "docs.read", "self", "public",
    }  # fmt: skip


def test_roles_add_up_and_an_unknown_one_adds_nothing() -> None:
    assert permissions_of(["picker", "packer"]) == permissions_of(["picker"]) | permissions_of(["packer"])
    assert permissions_of(["nobody"]) == frozenset()


def test_nobody_grants_more_than_his_own() -> None:
    supervisor = permissions_of(["supervisor"])
    assert exceeding(["picker", "packer", "receiver", "supervisor"], supervisor) is None
    assert exceeding(["desk"], supervisor) == "orders.capture"
    assert exceeding(["admin"], supervisor) is not None
    assert exceeding(ROLES, permissions_of(["admin"])) is None


def test_who_works_in_one_warehouse_changes_nothing_that_is_the_same_in_all() -> None:
    shared = {row.name for row in PERMISSIONS.values() if row.everywhere}
    assert shared == {
        "house.manage", "messages.edit", "policies.publish", "webhooks.manage", "shops.manage", "stock.keep_back",
    }  # fmt: skip
    for role in ROLES:
        assert permissions_of([role], 1) == permissions_of([role]) - shared
    assert exceeding(["supervisor"], permissions_of(["supervisor"], 1), 1) is None
    assert exceeding(["supervisor"], permissions_of(["supervisor"], 1)) in shared


def test_a_device_alone_may_only_bring_in_scans() -> None:
    assert {"self", "floor.commands"} == DEVICE_ALONE


def test_the_page_shows_every_permission_under_every_role() -> None:
    page = permissions_page()
    for name in (*PERMISSIONS, *ROLES):
        assert f"`{name}`" in page or name in page
    waves = next(line for line in page.splitlines() if line.startswith("| `waves.release`"))
    assert waves.count("●") == 2
