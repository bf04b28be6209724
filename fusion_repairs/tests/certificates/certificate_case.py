"""A lift whose visits earn certificates, and the shortest way to a reported visit."""

import base64
import io

import pypdf
from PIL import Image, ImageDraw

from ..common import RepairsCase


def draw_signature(height=20):
    """Return a drawn line as the signature widget sends it.

    :param height: of its first peak; another one is another person's signature
    """
    image = Image.new("RGBA", (300, 90), (255, 255, 255, 0))
    ImageDraw.Draw(image).line(
        [(10, 60), (90, height), (180, 70), (290, 15)], "black", 4
    )
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


def read_pdf(attachment):
    """Return the text of a PDF, blanks collapsed."""
    reader = pypdf.PdfReader(io.BytesIO(attachment.raw))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


class CertificateCase(RepairsCase):
    """The dealer of the other tests, with certificates on its lifts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signature = draw_signature()
        cls.category.write(
            {
                "equipment_class": "lift_elevating",
                "certificate_validity_months": 12,
            }
        )
        cls.technician.x_fc_qualification = "EDM-C 12345"
        cls.company.write({"name": "Maple Mobility", "x_fc_licence_number": "ED-0042"})
        cls.product.write(
            {
                "x_fc_maker": "Handicare",
                "x_fc_model_number": "Freecurve 2",
                "x_fc_rated_load": "300 lb",
            }
        )
        cls.client.street = "17 Quiet Lane"

    def report(self, visit=None, failed=(), na=(), mended=None, **vals):
        """Report a visit as its technician; return it.

        :param visit: a booked one; a new one by default
        :param failed: names of checks that fail
        :param na: names of checks that do not apply
        :param mended: what was done about all that is known of the unit
        """
        visit = visit or self.book(self.make_contract(x_fc_device_serial="SN-1"))
        for line in visit.checklist_line_ids:
            result = "fail" if line.name in failed else "pass"
            result = "na" if line.name in na else result
            line.write(
                {
                    "result": result,
                    "note": "seen" if result != "pass" else False,
                    **(line._prepare_reading("25.1") if line.has_minimum else {}),
                }
            )
        if mended:
            self.close_known(visit, mended)
        own = visit.with_user(visit.technician_id)
        own._save_draft(
            {
                "signature": self.signature,
                "signed_by": "Margaret Example",
                "technician_signature": draw_signature(40),
                **vals,
            }
        )
        own._submit_report()
        visit._try_report_document()  # as the job does, at once
        return visit

    def is_offered(self, visit):
        """Tell whether the client may download the certificate of a visit."""
        keys = [document["key"] for document in visit._get_done_documents()]
        return "certificate" in keys
