from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.sandbox.fixtures import Fixtures
from iletimerkezi_mcp.sandbox.request_context import SimulatedAccount
from iletimerkezi_mcp.sms.alphabet import CharacterMode

from .bench import ALI, CAN, OK, VELI, Bench, order

BLOCKED = "+905330000091"
ONAY, RET, TACIR_RET = "+905330000099", "+905330000098", "+905330000097"


def test_an_accepted_order_answers_with_its_number_alone(bench: Bench) -> None:
    assert bench.ask("send-sms", order=order(ALI)) == {"status": OK, "order": {"id": "312891248"}}
    assert bench.send(VELI) == "312891249"


def test_the_first_order_of_a_bare_world_has_a_number_of_usual_length() -> None:
    bare = Bench(Fixtures(senders=("FIRMAADI",)))
    assert bare.send(ALI) == "312891245"
    bare.database.close()


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        ("", 459),
        ("  ", 459),
        (None, 459),
        ("ON IKI HARFLI", 460),
        ("ŞİRKET", 460),
        ("BASKA", 450),
        ("firmaadi", 450),
        ("DEMOFIRMA", 450),
        ("DEMO FIRMA", 200),
        (5, 400),
    ],
)
def test_the_sender_must_be_approved_to_the_letter(bench: Bench, sender: object, code: int) -> None:
    assert bench.refused(ALI, sender=sender) == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"iys": None}, 468),
        ({"iys": "2"}, 468),
        ({"iys": True}, 468),
        ({"iys": "1"}, 469),
        ({"iys": 1, "iysList": "INDIVIDUAL"}, 469),
        ({"iys": "1", "iysList": "TACIR"}, 200),
        ({"iys": 0, "iysList": "nonsense"}, 200),
    ],
)
def test_whether_iys_is_asked_must_be_said(bench: Bench, fields: dict[str, Any], code: int) -> None:
    assert bench.refused(ALI, **fields) == code


def test_an_account_without_a_brand_code_cannot_ask_iys() -> None:
    bench = Bench(account=SimulatedAccount(brand_code=None))
    assert bench.refused(ALI, iys="1", iysList="BIREYSEL") == 470
    assert bench.refused(ALI) == 200
    bench.database.close()


def test_individuals_need_a_consent_and_are_undelivered_at_once_without(bench: Bench) -> None:
    order_id = bench.send(ONAY, RET, ALI, TACIR_RET, iys="1", iysList="BIREYSEL")
    assert bench.fates(order_id) == [(ONAY, 110), (RET, 112), (ALI, 112), (TACIR_RET, 112)]
    assert bench.credits() == 99_999
    bench.wait(8)
    assert bench.fates(order_id)[0] == (ONAY, 111)


def test_merchants_are_kept_off_by_a_refusal_alone(bench: Bench) -> None:
    order_id = bench.send(ONAY, ALI, TACIR_RET, iys="1", iysList="TACIR")
    assert bench.fates(order_id) == [(ONAY, 110), (ALI, 110), (TACIR_RET, 112)]


def test_an_order_whose_recipients_all_lack_consent_is_finished_at_once(bench: Bench) -> None:
    report = bench.report(bench.send(ALI, VELI, iys="1", iysList="BIREYSEL"))
    assert [report[name] for name in ("status", "total", "delivered", "undelivered", "price")] == [114, 2, 0, 2, 0]


def test_the_test_sender_replaces_the_text_and_asks_no_iys(bench: Bench) -> None:
    bench.send(ALI, sender="APITEST", iys="1", iysList="BIREYSEL", text="a" * 2000)
    bench.wait(8)
    assert bench.fates("312891248") == [(ALI, 111)]
    assert bench.credits() == 99_999


@pytest.mark.parametrize("text", ["", " \n", None])
def test_an_empty_text_is_454(bench: Bench, text: object) -> None:
    assert bench.refused(ALI, text=text) == 454


def test_a_schedule_that_cannot_be_read_is_457(bench: Bench) -> None:
    assert bench.refused(ALI, sendDateTime="2026-12-25T10:00") == 457


@pytest.mark.parametrize("when", ["25/12/2026 10:00:00", "22/11/2026 10:00"])
def test_a_schedule_with_seconds_or_in_the_past_is_sent_at_once(bench: Bench, when: str) -> None:
    report = bench.report(bench.send(ALI, sendDateTime=[when]))
    assert (report["status"], report["sendAt"]) == (113, "2026-11-23 10:00:00")


def test_more_than_seven_parts_are_453(bench: Bench) -> None:
    assert bench.refused(ALI, text="a" * 1072) == 453
    assert bench.refused(ALI, text="a" * 1071) == 200
    assert bench.credits() == 99_993


def test_the_accounts_character_mode_decides_over_the_parts() -> None:
    text = "ş" * 100 + "😀"
    for mode, parts in ((CharacterMode.ENGLISH, 1), (CharacterMode.TURKISH, 1), (CharacterMode.UNICODE, 2)):
        bench = Bench(account=SimulatedAccount(mode=mode))
        bench.send(ALI, text=text)
        assert bench.credits() == 100_000 - parts
        bench.database.close()


def test_a_text_with_half_a_character_does_no_harm(bench: Bench) -> None:
    assert bench.refused(ALI, text="a\ud800") == 200
    assert bench.refused(ALI, text="a\ud800") == 451


def test_fifty_thousand_recipients_are_one_order_and_one_more_is_453() -> None:
    bench = Bench(Fixtures(credits=10**6, senders=("FIRMAADI",)))
    numbers = [f"+90534{place:07d}" for place in range(50_001)]
    assert bench.refused(*numbers) == 453
    order_id = bench.send(*numbers[:-1])
    assert bench.report(order_id, page=50)["message"][-1]["number"] == numbers[-2]
    assert bench.credits() == 950_000
    bench.database.close()


@pytest.mark.parametrize("numbers", [[], ["nonsense"], [BLOCKED], ["+905000000452"], ["05330000099", BLOCKED]])
def test_without_a_recipient_to_reach_an_order_is_452(bench: Bench, numbers: list[str]) -> None:
    assert bench.refused(*numbers) == 452


def test_bad_numbers_beside_good_ones_are_undelivered_and_blocked_ones_no_part_of_the_order(bench: Bench) -> None:
    order_id = bench.send(5330000011, "05330000012", BLOCKED, "x" * 50)
    bench.wait(8)
    assert bench.fates(order_id) == [(ALI, 111), ("05330000012", 112), ("x" * 20, 112)]
    assert (bench.report(order_id)["total"], bench.credits()) == (3, 99_999)


def test_each_listed_number_is_sent_to_as_often_as_it_is_listed(bench: Bench) -> None:
    order_id = bench.send(ALI, "905330000011")
    assert (bench.report(order_id)["total"], bench.credits()) == (2, 99_998)


def test_a_bare_number_in_place_of_the_list_is_taken(bench: Bench) -> None:
    assert bench.refused(message={"text": "Merhaba", "receipents": {"number": ALI}}) == 200


def test_the_same_text_to_the_same_recipients_is_451_for_ten_minutes(bench: Bench) -> None:
    bench.send(ALI, VELI)
    assert bench.refused(VELI, "5330000011", ALI) == 451
    assert bench.refused(ALI, VELI, sender="DEMO FIRMA", sendDateTime="25/12/2026 10:00") == 451
    assert bench.refused(ALI) == 200
    assert bench.refused(ALI, VELI, text="Selam") == 200
    bench.wait(599.9)
    assert bench.refused(ALI, VELI) == 451
    bench.wait(0.1)
    assert bench.refused(ALI, VELI) == 200


def test_a_text_that_ends_in_a_number_is_not_mistaken_for_one_more_recipient(bench: Bench) -> None:
    bench.send(VELI, text=f"Merhaba{ALI}")
    assert bench.refused(ALI, VELI, text="Merhaba") == 200


def test_a_refused_or_cancelled_order_does_not_hold_its_repetition_back(bench: Bench) -> None:
    assert bench.refused(ALI, sender="BASKA") == 450
    order_id = bench.send(ALI, sendDateTime="25/12/2026 10:00")
    bench.ask("cancel-order", order={"id": order_id})
    assert bench.refused(ALI) == 200


def test_more_than_the_balance_is_402_and_nothing_is_taken() -> None:
    bench = Bench(Fixtures(credits=2, senders=("FIRMAADI",)))
    assert bench.refused(ALI, VELI, CAN) == 402
    assert bench.credits() == 2
    assert bench.refused(ALI, VELI) == 200
    assert bench.credits() == 0
    bench.database.close()


def test_one_order_may_hold_several_texts(bench: Bench) -> None:
    messages = [
        {"text": "Sayın Ali", "receipents": {"number": [ALI]}},
        {"text": "a" * 156, "receipents": {"number": [VELI, CAN]}},
    ]
    order_id = bench.send(message=messages)
    bench.wait(8)
    assert bench.fates(order_id) == [(ALI, 111), (VELI, 111), (CAN, 111)]
    assert bench.report(order_id)["price"] == 5
    (listed,) = bench.ask("get-reports", filter={"start": "2026-11-23", "end": "2026-11-23"})["orders"]
    assert (listed["total"], listed["delivered"], bench.credits()) == (3, 3, 100_000 - 5)
    assert bench.refused(message=messages[::-1]) == 451


def _messages(*texts: str, to: int = 1) -> list[dict[str, Any]]:
    """Return a message for each of `texts`, each to as many people."""
    numbers = iter(range(len(texts) * to))
    return [
        {"text": text, "receipents": {"number": [f"+90534{next(numbers):07d}" for _ in range(to)]}} for text in texts
    ]


def test_fifty_thousand_counts_the_numbers_of_all_texts_unless_a_number_has_it_count_messages() -> None:
    bench = Bench()
    messages = _messages("Sayın Ali", "Sayın Can", to=25_000)
    messages[1]["receipents"]["number"].append(VELI)
    assert bench.refused(message=messages) == 453
    messages[1]["receipents"]["number"][-1] = "+905000000921"
    assert bench.report(bench.send(message=messages))["total"] == 50_001
    many = [*_messages(*["Merhaba"] * 50_000), {"text": "Merhaba", "receipents": {"number": ["+905000000921"]}}]
    assert bench.refused(message=many) == 453
    bench.database.close()


def test_an_order_of_several_texts_can_lose_all_but_the_first(bench: Bench) -> None:
    messages = _messages("Sayın Ali", "Sayın Can", "Sayın Veli", to=2)
    messages[1]["receipents"]["number"][0] = "+905000000920"
    report = bench.report(bench.send(message=messages))
    assert (report["total"], len(report["message"]), bench.credits()) == (2, 2, 99_998)
    assert bench.refused(message=messages) == 451


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "Merhaba",
        {"text": "Merhaba"},
        {"text": "Merhaba", "recipients": {"number": [ALI]}},
        {"text": "Merhaba", "receipents": {}},
        {"text": "Merhaba", "receipents": {"number": [None]}},
        {"text": "Merhaba", "receipents": {"number": True}},
        {"text": ["Merhaba"], "receipents": {"number": [ALI]}},
    ],
)
def test_a_message_of_another_shape_is_400(bench: Bench, message: object) -> None:
    assert bench.refused(message=message) == 400


def test_an_order_of_another_shape_is_400(bench: Bench) -> None:
    assert [bench.code("send-sms"), bench.code("send-sms", order=[])] == [400, 400]


def test_a_scheduled_order_can_be_cancelled_once_before_its_time(bench: Bench) -> None:
    order_id = bench.send(ALI, sendDateTime="23/11/2026 10:01")
    bench.wait(59)
    assert bench.ask("cancel-order", order={"id": order_id}) == {"status": OK}
    assert bench.ask("cancel-order", order={"id": order_id}) == {
        "status": {"code": 455, "message": "Sipariş bulunamadı"}
    }


def test_an_order_whose_time_has_come_cannot_be_cancelled(bench: Bench) -> None:
    order_id = bench.send(ALI, sendDateTime="23/11/2026 10:01")
    bench.wait(60)
    assert bench.code("cancel-order", order={"id": int(order_id)}) == 455
    bench.wait(60)
    assert bench.code("cancel-order", order={"id": order_id}) == 455
    assert bench.fates(order_id) == [(ALI, 111)]


@pytest.mark.parametrize(("fields", "code"), [({}, 400), ({"id": "1"}, 455), ({"id": "x"}, 455), ([], 400)])
def test_an_order_that_is_none_cannot_be_cancelled(bench: Bench, fields: Any, code: int) -> None:
    assert bench.code("cancel-order", order=fields) == code


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(1, 4), st.integers(1, 3), st.booleans()),
        st.tuples(st.just("cancel"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(0, 90)),
    ),
    max_size=12,
)
RECIPIENTS = [ALI, "+905000000112", "+905000000115", "+905000000110"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_credits_are_never_made_or_lost(steps: list[tuple[Any, ...]]) -> None:
    bench = Bench(Fixtures(credits=12, senders=("FIRMAADI",)))
    orders: dict[str, int] = {}
    for place, step in enumerate(steps):
        match step:
            case ("send", count, parts, later):
                text = f"{place:03d}".ljust(150 * parts, "a")
                when = {"sendDateTime": "23/11/2026 10:01"} if later else {}
                answer = bench.ask("send-sms", order=order(*RECIPIENTS[:count], text=text, **when))
                if answer["status"]["code"] == 200:
                    orders[answer["order"]["id"]] = parts
            case ("cancel", which):
                bench.ask("cancel-order", order={"id": (list(orders) or ["1"])[which % (len(orders) or 1)]})
            case (_, seconds):
                bench.wait(seconds)
        held = 0
        for row in bench.ask("get-reports", filter={"start": "2026-11-23", "end": "2026-11-23"})["orders"]:
            held += (row["delivered"] + row["waiting"]) * orders[str(row["id"])]
        assert bench.credits() == 12 - held >= 0
    bench.database.close()
