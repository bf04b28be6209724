import io
import unicodedata

import pypdf
from PIL import Image

from odoo.tests import BaseCase

from ...reports import pdf_document, pdf_text

LONG = "Anticonstitutionnellementintercommunicationsextraordinaires" * 3


def label(page, pages):
    return f"Page {page} de {pages}"


def make(story, **options):
    """Return a document as read again from its bytes."""
    options = {"title": "Certificat", "page_label": label, **options}
    data = pdf_document.build_pdf(story, **options)
    return pypdf.PdfReader(io.BytesIO(data))


def words(reader):
    """Return all text of a document, line breaks as blanks."""
    text = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(unicodedata.normalize("NFKC", text).split())


class TestPdfText(BaseCase):
    def test_names_of_all_alphabets_print(self):
        names = ("Zoë Lefèvre-D’Août", "Ελένη", "Жанна", "王小明", "김민준", "さくら")
        found = words(make([pdf_text.paragraph(name) for name in names]))
        for name in names:
            self.assertIn(name, found)

    def test_right_to_left_names_are_joined_and_in_reading_order(self):
        # The reader of the tests puts the drawn letters into logical order again.
        for name in ("محمد الطويل", "דוד כהן"):
            with self.subTest(name=name):
                self.assertNotEqual(pdf_text.shape(name), name)
                self.assertIn(name, words(make([pdf_text.paragraph(name)])))
        self.assertEqual(pdf_text.shape("דוד"), "דוד"[::-1])
        self.assertIn("\ufee4", pdf_text.shape("محمد"), "the letter in its middle form")

    def test_lines_of_right_to_left_text_start_with_its_first_word(self):
        text = "ראשון " + "אמצע " * 40 + "אחרון"
        page = make([pdf_text.paragraph(text, width=200)]).pages[0]
        lines = page.extract_text().split("\n")
        self.assertIn("ראשון", lines[0])
        self.assertNotIn("אחרון", " ".join(lines[:2]))
        self.assertIn("אחרון", " ".join(lines[2:]))

    def test_names_whose_letters_join_and_move_are_drawn_shaped(self):
        names = {
            "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
            "Devanagari": "क्षितिज शर्मा",
            "Tamil": "கோவிந்தராஜன் ஸ்ரீ",
            "Bengali": "শ্রীকৃষ্ণ চট্টোপাধ্যায়",
            "Gujarati": "જ્ઞાનેશ્વરી પટેલ",
            "Thai": "กฤษณ์ ที่สุด",
        }
        for script, name in names.items():
            with self.subTest(script=script):
                self.assertTrue(pdf_text.can_draw(script), "is the font installed?")
                reader = make([pdf_text.paragraph(f"{name} Singh", width=300)])
                self.assertEqual(len(reader.pages[0].images), 2)
                self.assertEqual(words(reader).count(pdf_text.UNKNOWN), 0)
                self.assertIn("Singh", words(reader))
        # Joined, a conjunct is narrower than its letters side by side.
        joined = pdf_text.word_width("क्ष", "Devanagari", 9)
        apart = sum(pdf_text.word_width(char, "Devanagari", 9) for char in "कष")
        self.assertLess(joined, apart)

    def test_without_the_fonts_documents_are_made(self):
        self.patch(pdf_text, "can_draw", lambda script: False)
        found = words(make([pdf_text.paragraph("ਸਿੰਘ Singh")]))
        self.assertIn(pdf_text.UNKNOWN, found)
        self.assertIn("Singh", found)

    def test_markup_and_control_characters_are_text(self):
        text = "<b>bold</b> & <img src='file:///etc/passwd'/>\x00\u202e\x07 end"
        found = words(make([pdf_text.paragraph(text)]))
        self.assertIn("<b>bold</b> & <img src='file:///etc/passwd'/> end", found)

    def test_what_no_font_has_is_a_box(self):
        found = words(make([pdf_text.paragraph("Rosa 🦽\ufe0f Ltd")]))
        self.assertIn(f"Rosa {pdf_text.UNKNOWN} Ltd", found)

    def test_without_the_shaping_libraries_documents_are_made(self):
        self.patch(pdf_text, "get_display", None)
        found = words(make([pdf_text.paragraph("דוד", width=100)]))
        self.assertIn("דוד", found)

    def test_tables_split_repeat_their_header_and_number_their_pages(self):
        rows = [["Vérification", "Résultat"]]
        rows += [[f"{LONG} {number}", "conforme"] for number in range(200)]
        reader = make([pdf_document.table(rows, [3, 1])], watermark="Brouillon")
        pages = [page.extract_text() for page in reader.pages]
        self.assertGreater(len(pages), 5)
        for number, text in enumerate(pages, start=1):
            self.assertIn(f"Page {number} de {len(pages)}", text)
            self.assertIn("Vérification", text)
            self.assertIn("Brouillon", text)
        joined = "".join("".join(pages).split())
        self.assertEqual(joined.count(LONG), 200)

    def test_one_row_longer_than_a_page_splits(self):
        text = " ".join(f"w{number}" for number in range(3000))
        reader = make([pdf_document.table([[text, "x"]], [1, 1], header=False)])
        self.assertGreater(len(reader.pages), 1)
        self.assertIn("w2999", words(reader))

    def test_pictures_stay_within_bounds_and_nonsense_is_none(self):
        stream = io.BytesIO()
        Image.new("RGBA", (4000, 1000), (0, 0, 0, 0)).save(stream, "PNG")
        drawn = pdf_document.picture(stream.getvalue(), 200, 200)
        self.assertAlmostEqual(drawn.drawWidth, 200, places=1)
        self.assertAlmostEqual(drawn.drawHeight, 50, delta=0.5)
        self.assertLess(max(drawn._img.getSize()), 1000, "pixels nobody sees")
        for nonsense in (None, b"", b"not a picture", b"\x89PNG broken", "PHN2Zz4="):
            self.assertIsNone(pdf_document.picture(nonsense, 10, 10))
