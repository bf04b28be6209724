from odoo.tests import BaseCase, tagged

from ..maps.addresses import Address, get_queries, needs_door

ADDRESSES = (
    (("1875 Birch Rd RR 3",), "1875 Birch Rd"),
    (("1875 Birch Rd, R.R. #3",), "1875 Birch Rd"),
    (("1875 Birch Rd R R 3",), "1875 Birch Rd"),
    (("1875 Birch Rd Rural Route 3",), "1875 Birch Rd"),
    (("RR 3 1875 Birch Rd",), "1875 Birch Rd"),
    (("RR3, 1875 Birch Rd",), "1875 Birch Rd"),
    (("1875 rang Saint-Joseph, route rurale 3",), "1875 rang Saint-Joseph"),
    (("690 Alder Dr Comp 8",), "690 Alder Dr"),
    (("690 Alder Dr Site 5 Comp 8 RR 2",), "690 Alder Dr"),
    (("690 Alder Dr, SS 1, Site 5, Box 12",), "690 Alder Dr"),
    (("Group 5 Box 2 RR 1", "690 Alder Dr"), "690 Alder Dr"),
    (("2104 Cypress St GD",), "2104 Cypress St"),
    (("2104 Cypress St General Delivery",), "2104 Cypress St"),
    (("2104 rue des Cyprès, poste restante",), "2104 rue des Cyprès"),
    (("GD Stn Main", "2104 Cypress St"), "2104 Cypress St"),
    (("RR 3", "12 Elm Rd"), "12 Elm Rd"),
    (("RR 3 Stn Main", "12 Elm Rd"), "12 Elm Rd"),
    (("Box 45, Station Main", "12 Elm Rd"), "12 Elm Rd"),
    (("Box 45 Stn A", "12 Elm Rd"), "12 Elm Rd"),
    (("Station Main", "12 Elm Rd"), "12 Elm Rd"),
    (("12 Elm Rd PO Box 45",), "12 Elm Rd"),
    (("PO Box 45, 12 Elm Rd",), "12 Elm Rd"),
    (("P.O. Box 45 Station B, 12 Elm Rd",), "12 Elm Rd"),
    (("Bag 1200", "12 Elm Rd"), "12 Elm Rd"),
    (("Case postale 45", "12 rue Principale"), "12 rue Principale"),
    (("C.P. 45, succ. Centre-ville", "12 rue Principale"), "12 rue Principale"),
    (("CP 45", "12 rue Principale"), "12 rue Principale"),
    (("12, rue Principale, C. P. 45",), "12, rue Principale"),
    (("BP 12", "12 rue Principale"), "12 rue Principale"),
    (("6/3190 Maple Ave",), "3190 Maple Ave"),
    (("6 / 3190 Maple Ave",), "3190 Maple Ave"),
    (("6–3190 Maple Ave",), "3190 Maple Ave"),
    (("B-3190 Maple Ave",), "3190 Maple Ave"),
    (("A12-3190 Maple Ave",), "3190 Maple Ave"),
    (("PH5-120 King St W",), "120 King St W"),
    (("120 King St W PH5",), "120 King St W"),
    (("120 King St W, PH 5",), "120 King St W"),
    (("120 King St W Penthouse",), "120 King St W"),
    (("120 King St W TH4",), "120 King St W"),
    (("120 King St W Lower",), "120 King St W"),
    (("120 King St W, Lower Level",), "120 King St W"),
    (("120 King St W Upper Unit",), "120 King St W"),
    (("120 King St W Main Floor",), "120 King St W"),
    (("120 King St W - Basement",), "120 King St W"),
    (("120 King St W Bsmt",), "120 King St W"),
    (("120 King St W, Rear",), "120 King St W"),
    (("120 King St W (side door)",), "120 King St W"),
    (("Upper 120 King St W",), "120 King St W"),
    (("Basement, 120 King St W",), "120 King St W"),
    (("120 rue King, sous-sol",), "120 rue King"),
    (("120 rue King, rez-de-chaussée",), "120 rue King"),
    (("120 rue King, RDC",), "120 rue King"),
    (("120 King St W Buzzer 1404",), "120 King St W"),
    (("120 King St W, Buzz #1404",), "120 King St W"),
    (("120 King St W, Apt 5, Buzz code 1404",), "120 King St W"),
    (("120 King St W entry code 1404#",), "120 King St W"),
    (("120 rue King, bur. 200",), "120 rue King"),
    (("120 rue King, local 200",), "120 rue King"),
    (("120 rue King, porte 3",), "120 rue King"),
    (("120 rue King, bât. B, app. 4",), "120 rue King"),
    (("120 rue King, 2e ét.",), "120 rue King"),
    (("120 King St W Tower B Suite 300",), "120 King St W"),
    (("120 King St W, 3rd Fl",), "120 King St W"),
    (("120 King St W, Lot 12",), "120 King St W"),
    (("45 Park Rd Pad 4",), "45 Park Rd"),
    (("Civic # 1234 Highway 7",), "1234 Highway 7"),
    (("c/o Sunrise Home, 12 Elm Rd",), "12 Elm Rd"),
    (("Sunrise Home, 12 Elm Rd",), "12 Elm Rd"),
    (("Sunrise Home 2", "12 Elm Rd"), "12 Elm Rd"),
    # Names of streets, not what they look like.
    (("12 Station St",), "12 Station St"),
    (("12 Box Grove Rd",), "12 Box Grove Rd"),
    (("12 Upper Canada Dr",), "12 Upper Canada Dr"),
    (("12 Lower Rd",), "12 Lower Rd"),
    (("12 Front St E",), "12 Front St E"),
    (("12 Basement",), "12 Basement"),
    (("53016 Range Road 220",), "53016 Range Road 220"),
    (("12 Tower Rd",), "12 Tower Rd"),
    (("12 rue de la Tour",), "12 rue de la Tour"),
    (("12 Route 132",), "12 Route 132"),
    (("12 Case Rd",), "12 Case Rd"),
    (("12 Site Rd",), "12 Site Rd"),
    (("12 General Delivery Rd",), "12 General Delivery Rd"),
    (("12 1/2 Elm Rd",), "12 1/2 Elm Rd"),
    (("12 Villa Rd",), "12 Villa Rd"),
    (("Lot 12 Concession 5",), "Lot 12 Concession 5"),
    (("12 Local Rd",), "12 Local Rd"),
    (("1234 Concession 5 RR 2",), "1234 Concession 5"),
    (("12 Main St E, Unit 4, RR 2, Box 7, Stn Main",), "12 Main St E"),
    (("12 Rear St",), "12 Rear St"),
    (("12 Main",), "12 Main"),
)

NOWHERE = (
    "GD", "Comp 8", "RR 3, Box 2", "Case postale 45", "C.P. 45", "Buzzer 1404", "Lower",
    "PH5", "PO Box 45 Station A", "SS 4", "Station Main", "c/o Mary", "bur. 200",
)  # fmt: skip


@tagged("post_install", "-at_install", "fusion")
class TestCanadianAddresses(BaseCase):
    """Where the post goes, and what is behind a door, is no place on a map."""

    def test_the_street_with_its_number_is_asked_for(self):
        for typed, street in ADDRESSES:
            with self.subTest(typed=typed):
                address = Address(*typed)._replace(city="Guelph", state="Ontario")
                self.assertEqual(get_queries(address), [f"{street}, Guelph, Ontario"])

    def test_what_names_no_street_is_not_looked_up(self):
        for typed in NOWHERE:
            with self.subTest(typed=typed):
                self.assertEqual(get_queries(Address(typed, "", "Guelph")), [])

    def test_a_rural_route_alone_is_no_place_without_a_door(self):
        self.assertTrue(needs_door(Address("RR #2", "", "Guelph")))
        self.assertFalse(needs_door(Address("12 Elm Rd RR 2", "", "Guelph")))
        self.assertTrue(needs_door(Address("6/3190 Maple Ave", "", "Guelph")))
