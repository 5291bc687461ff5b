from __future__ import annotations

from iletimerkezi_mcp.sandbox.answers import JsonAnswer, json_answer


def test_a_reply_mirrors_its_code_as_http_status_and_carries_the_providers_words() -> None:
    assert json_answer(450) == JsonAnswer(
        450, {"response": {"status": {"code": 450, "message": "Gönderilen başlık kullanıma uygun değil"}}}
    )


def test_a_reply_puts_its_result_beside_the_status_and_goes_out_as_utf_8() -> None:
    found = json_answer(200, {"order": {"id": "1"}})
    assert found.content == (
        '{"response": {"status": {"code": 200, "message": "İşlem başarılı"}, "order": {"id": "1"}}}'.encode()
    )


def test_a_reply_may_ask_to_wait() -> None:
    assert json_answer(429, retry_after=2).headers == (("Retry-After", "2"),)
