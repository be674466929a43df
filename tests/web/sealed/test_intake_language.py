"""The forms on which staff take down what reached them, in the language of whoever reads them."""

from __future__ import annotations

import pytest

from tests import desk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("login", "address", "said"), [("wutong", "/cases/new", "Channel"), ("qiubai", "/sealed/new", "Way of reporting")]
)
def test_a_form_is_drawn_in_the_words_of_its_own_policy(login: str, address: str, said: str) -> None:
    desk.opened()
    page = desk.client_of(login).get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert said in page
    assert ">渠道<" not in page
    assert "举报方式" not in page
