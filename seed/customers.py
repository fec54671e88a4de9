"""Names, streets and towns from which `seed.make` draws the demo's customers.

Towns and their postal codes are real, so that address checks mean something; nobody lives at these addresses.
Telephone numbers come from ranges kept for film where a country has one, else they are right in shape only.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Country(NamedTuple):
    """Where customers of one country live. `street` takes a street and a number; `phone` ends in free digits."""

    language: str
    people: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    number_first: bool
    phone: str
    free_digits: int


COUNTRIES: Final[dict[str, Country]] = {
    "DE": Country(
        "de",
        (
            "Ana Souza",
            "Markus Lehmann",
            "Fatma Yildiz",
            "Sabine Krüger",
            "Nguyen Thi Lan",
            "Oliver Brandt",
            "Ewa Kaminska",
            "Dieter Schäfer",
            "Leila Haddad",
            "Jürgen Möller",
            "Svetlana Petrova",
            "Tim Großmann",
            "Chiara Romano",
            "Heike Böttcher",
            "Emre Kaya",
            "Karin Jäger",
            "Abebe Tesfaye",
            "Lukas Neumann",
            "Maria Papadopoulou",
            "Stefan Köhler",
            "Yuki Tanaka",
            "Birgit Vogel",
            "Ahmed Mansour",
            "Franziska Roth",
            "Goran Petrovic",
            "Julia Sommer",
            "Olena Bondar",
            "Rolf Zimmermann",
            "Amina Diallo",
            "Katrin Weiß",
            "Pedro Alvarez",
            "Anneliese Fuchs",
            "David Cohen",
            "Nina Hartwig",
            "Mehmet Arslan",
            "Gudrun Seidel",
        ),
        (
            "Lindenweg",
            "Am Mühlbach",
            "Kastanienallee",
            "Gartenstraße",
            "Birkenring",
            "Schulgasse",
            "Rosenpfad",
            "Hafenstraße",
            "Am Alten Markt",
            "Finkenweg",
            "Ziegelhof",
            "Sonnenhang",
        ),
        (
            ("50667", "Köln"),
            ("10115", "Berlin"),
            ("80331", "München"),
            ("20095", "Hamburg"),
            ("04109", "Leipzig"),
            ("01067", "Dresden"),
            ("70173", "Stuttgart"),
            ("60311", "Frankfurt am Main"),
            ("28195", "Bremen"),
            ("30159", "Hannover"),
            ("90402", "Nürnberg"),
            ("12043", "Berlin"),
            ("79098", "Freiburg im Breisgau"),
            ("24103", "Kiel"),
            ("99084", "Erfurt"),
        ),
        False,
        "+493023125",
        3,
    ),
    "AT": Country(
        "de",
        (
            "Theresa Gruber",
            "Florian Hofer",
            "Zeynep Aydin",
            "Matthias Steiner",
            "Elisabeth Wimmer",
            "Milan Jovanovic",
            "Sophie Lechner",
        ),
        ("Kirchengasse", "Donaulände", "Bergweg", "Mozartring", "Am Anger"),
        (("1010", "Wien"), ("8010", "Graz"), ("5020", "Salzburg"), ("6020", "Innsbruck"), ("4020", "Linz")),
        False,
        "+4315550",
        3,
    ),
    "FR": Country(
        "en",
        ("Camille Lefèvre", "Mamadou Traoré", "Hélène Dubois", "Nicolas Girard", "Inès Benali", "Étienne Moreau"),
        ("rue des Tilleuls", "avenue de la Gare", "rue du Vieux Pont", "allée des Acacias", "impasse du Moulin"),
        (("67000", "Strasbourg"), ("69002", "Lyon"), ("75011", "Paris"), ("33000", "Bordeaux"), ("59000", "Lille")),
        True,
        "+33199",
        6,
    ),
    "NL": Country(
        "en",
        ("Sanne de Vries", "Daan Bakker", "Fleur van den Berg", "Youssef El Idrissi", "Maud Jansen", "Ruben Visser"),
        ("Molenweg", "Kerkstraat", "Tulpenlaan", "Havenkade", "Lindelaan"),
        (
            ("1012 AB", "Amsterdam"),
            ("3011 AD", "Rotterdam"),
            ("3511 CE", "Utrecht"),
            ("9711 HN", "Groningen"),
            ("6211 CM", "Maastricht"),
        ),
        False,
        "+3120555",
        4,
    ),
    "PL": Country(
        "en",
        ("Agnieszka Nowak", "Piotr Lewandowski", "Magdalena Wójcik", "Krzysztof Mazur", "Zofia Krawczyk"),
        ("ul. Lipowa", "ul. Ogrodowa", "ul. Mlynska", "ul. Polna", "ul. Zielona"),
        (
            ("00-001", "Warszawa"),
            ("30-001", "Kraków"),
            ("80-001", "Gdansk"),
            ("61-001", "Poznan"),
            ("70-001", "Szczecin"),
        ),
        False,
        "+4822555",
        4,
    ),
}
