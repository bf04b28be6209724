"""Answering with a page of ours."""

from odoo.http import content_disposition, request


def answer(shown, status=200):
    """Answer with a prepared page.

    :param shown: template and page, as the page model returns them
    """
    template, page = shown
    html = request.env["fusion.repair.public.page"]._render(template, page)
    return request.make_response(html, status=status)


def answer_expired(query):
    """Answer as to every link that opens nothing, whatever the reason."""
    page_model = request.env["fusion.repair.public.page"]
    shown = page_model._get_expired_page({"lang": query.get("lang")})
    return answer(shown, status=404)


def answer_ended(token, query):
    """Answer to a link that books nothing (any more).

    It may still show how its own visit went; a form sent by it leads there.
    """
    visits = request.env["fusion.repair.maintenance.visit"]
    visit = visits._find_done_by_token(token)
    if not visit:
        return answer_expired(query)
    if request.httprequest.method == "POST":
        return request.redirect(visit._get_done_url(), code=303)
    page_model = request.env["fusion.repair.public.page"]
    return answer(page_model._get_done_page(visit, {"lang": query.get("lang")}))


def answer_file(attachment):
    """Answer with the content of an attachment, to be kept, not shown in the page."""
    headers = [
        ("Content-Type", attachment.mimetype or "application/octet-stream"),
        ("Content-Disposition", content_disposition(attachment.name or "document")),
    ]
    return request.make_response(attachment.raw or b"", headers=headers)
