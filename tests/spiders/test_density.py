import time

from spiders.density import densest

PARAGRAPH = "Cơ quan chức năng xã Mẫu cho biết đã tiếp nhận phản ánh và cử người đến tận nơi để làm rõ sự việc. "
MENU = "<ul>" + "".join(f'<li><a href="/{n}">Chuyên mục số {n} của báo mẫu</a></li>' for n in range(12)) + "</ul>"
PAGE = "<html><body><div id='top'>{menu}</div><div class='noi-dung'>{body}</div>{rest}</body></html>"


def page(body: str, rest: str = "") -> bytes:
    return PAGE.format(menu=MENU, body=body, rest=rest).encode()


def test_the_paragraphs_of_the_text_are_found_without_any_rule() -> None:
    paragraphs = [f"Đoạn {number}. {PARAGRAPH}" for number in range(8)]
    found = densest(page("".join(f"<p>{text}</p>" for text in paragraphs)))
    assert found == [text.strip() for text in paragraphs]


def test_lines_split_by_breaks_are_paragraphs_too() -> None:
    lines = [f"Dòng {number}. {PARAGRAPH}".strip() for number in range(8)]
    assert densest(page("<br><br>".join(lines))) == lines


def test_boxes_of_links_and_comments_inside_the_text_are_left_out() -> None:
    body = f"<p>{PARAGRAPH * 4}</p>{MENU}<div class='comment'>Bình luận của bạn đọc.</div>" + f"<p>{PARAGRAPH}</p>" * 4
    found = "\n".join(densest(page(body)))
    assert "Chuyên mục" not in found
    assert "Bình luận" not in found


def test_a_text_that_goes_on_in_the_next_container_is_read_whole() -> None:
    halves = [[f"Phần {part}, đoạn {number}. {PARAGRAPH}".strip() for number in range(6)] for part in (1, 2)]
    body = "".join("<div>" + "".join(f"<p>{text}</p>" for text in half) + "</div>" for half in halves)
    assert densest(page(body, rest="<h1>Tiêu đề nằm ngoài khung bài</h1>")) == [*halves[0], *halves[1]]


def test_a_post_is_told_from_the_many_short_replies_below_it() -> None:
    post = [f"Đoạn {number}. {PARAGRAPH}".strip() for number in range(6)]
    replies = "".join(f"<li><div><p>Trả lời số {number}: {PARAGRAPH}</p></div></li>" for number in range(14))
    body = "<div>" + "".join(f"<p>{text}</p>" for text in post) + f"</div><h1>Tiêu đề</h1><ol>{replies}</ol>"
    assert densest(page(body)) == post


def test_the_imprint_below_a_short_text_is_not_taken_for_it() -> None:
    imprint = "<div class='footer-copyright'>" + "".join(f"<p>{PARAGRAPH * 3}</p>" for _ in range(4)) + "</div>"
    text = [f"Chú thích {number}. {PARAGRAPH}".strip() for number in range(5)]
    assert densest(page("".join(f"<p>{line}</p>" for line in text), rest=imprint)) == text


def test_a_page_where_no_container_stands_out_says_nothing() -> None:
    teaser = f"<div><p><a href='/x'>{PARAGRAPH}</a></p></div>"
    scattered = "".join(f"<div><div><p>{PARAGRAPH}</p></div><div>{teaser}</div></div>" for _ in range(3))
    assert densest(page(teaser * 20)) == []
    assert densest(page("<p>Ngắn.</p>", rest=f"<section>{scattered}</section>")) == []
    assert densest(page("<p>Ngắn.</p>")) == []
    assert densest(b"") == []


def test_a_page_built_to_be_slow_is_not_read_here() -> None:
    began = time.process_time()
    densest(b"<div class='comment'>" * 400 + PARAGRAPH.encode() * 200)
    densest(b"<p>" * 200_000)
    assert time.process_time() - began < 5
