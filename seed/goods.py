"""The goods of the demo warehouse, family by family, as `seed.make` lays them out into items.

It exists so that three hundred names, colours, weights and sizes are written once, in the few lines in which a
person would think of them. A variant is `English|German|label colour`; `{}` in a family's names takes it.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Family(NamedTuple):
    """Items that differ in their variant only. Weight in g, size (length, width, height) in mm, price in cents.

    `life` is the days until the earliest and the latest expiry of a lot; None where goods do not expire.
    `case` is how many make a case, 0 where none is sold. `rank` is how well they sell, 1 (best) to 9.
    """

    group: str
    zone: str
    picture: str
    name_en: str
    name_de: str
    body: str
    cap: str
    weight_g: int
    size: tuple[int, int, int]
    price: int
    life: tuple[int, int] | None
    case: int
    rank: int
    variants: str
    hazmat: str = ""


# Group code → what the sheets call it.
GROUPS: Final = {
    "drinks": ("Drinks", "Getränke"),
    "spreads": ("Spreads and preserves", "Aufstriche und Eingemachtes"),
    "coffee": ("Coffee, tea, baking", "Kaffee, Tee, Backen"),
    "grains": ("Grains, pasta, nuts", "Getreide, Nudeln, Nüsse"),
    "tins": ("Tins and jars", "Konserven"),
    "oils": ("Oils, sauces, spices", "Öle, Soßen, Gewürze"),
    "sweets": ("Sweets and snacks", "Süßes und Knabbereien"),
    "care": ("Body care", "Körperpflege"),
    "clean": ("Cleaning", "Putzen und Waschen"),
    "home": ("Household", "Haushalt"),
    "pets": ("Pets and garden", "Tier und Garten"),
    "paper": ("Paper and gifts", "Papier und Geschenke"),
}

_F = Family
# fmt: off
FAMILIES: Final = (
    _F("drinks", "MEZ", "carton", "{} drink, 1 L", "{}drink, 1 L", "#e8d7b5", "#cbb48a",
       1060, (70, 70, 200), 219, (120, 320), 8, 2,
       "Oat|Hafer|#c9a463; Soya|Soja|#8fae5d; Rice|Reis|#9db7c9; Coconut|Kokos|#f4f1ea; "
       "Hazelnut|Haselnuss|#7d5636; Almond|Mandel|#7a9a5b"),
    _F("drinks", "MEZ", "carton", "{} juice, 1 L", "{}saft, 1 L", "#f2e3c2", "#3f7f4c",
       1070, (70, 70, 200), 199, (150, 360), 8, 2,
       "Apple|Apfel|#8fbf4d; Orange|Orangen|#f08a24; Grape|Trauben|#6b3f8f; Tomato|Tomaten|#cf3d2e; "
       "Pear|Birnen|#c9c248; Carrot|Karotten|#e8762c"),
    _F("drinks", "MEZ", "carton", "{}, 1 L", "{}, 1 L", "#f4f6f8", "#2f6db3",
       1050, (70, 70, 200), 139, (40, 110), 12, 1,
       "Whole milk, UHT|H-Vollmilch|#2f6db3; Low-fat milk, UHT|Fettarme H-Milch|#6fb1e0; "
       "Lactose-free milk|Laktosefreie Milch|#b06fb8"),
    _F("drinks", "FLR", "bottle", "{}, 1 L", "{}, 1 L", "#a9d3e6", "#2f6db3",
       1080, (82, 82, 315), 99, (200, 500), 6, 1,
       "Mineral water, sparkling|Mineralwasser, spritzig|#2f6db3; "
       "Mineral water, still|Mineralwasser, still|#7fb7d9; Cola|Cola|#8c2b22; "
       "Lemonade|Zitronenlimonade|#e8d23a; Orange lemonade|Orangenlimonade|#f08a24; "
       "Tonic water|Tonic Water|#d7dde2; Bitter lemon|Bitter Lemon|#b9c93a"),
    _F("drinks", "FLR", "bottle", "{} syrup, 500 ml", "{}sirup, 500 ml", "#c98a4b", "#5a4632",
       720, (68, 68, 270), 449, (300, 700), 6, 6,
       "Elderflower|Holunderblüten|#e9e4c0; Raspberry|Himbeer|#c2355b; Lemon|Zitronen|#e8d23a; "
       "Ginger|Ingwer|#d1a25a; Agave|Agaven|#7f9f5a"),
    _F("spreads", "FLR", "jar", "{} jam, 340 g", "{}konfitüre, 340 g", "#b8334a", "#e4e0d8",
       560, (72, 72, 95), 279, (250, 600), 6, 3,
       "Strawberry|Erdbeer|#e04f5f; Apricot|Aprikosen|#f0a64a; Raspberry|Himbeer|#c2355b; "
       "Cherry|Kirsch|#8f1f33; Blueberry|Heidelbeer|#4a4f93; Blackcurrant|Johannisbeer|#57305c"),
    _F("spreads", "FLR", "jar", "{}, 500 g", "{}, 500 g", "#e3a52f", "#8a6a3a",
       760, (80, 80, 105), 649, (400, 900), 6, 2,
       "Honey|Honig|#fff3d6; Forest honey|Waldhonig|#b9c79a; Acacia honey|Akazienhonig|#f7f0b0; "
       "Lime blossom honey|Lindenhonig|#dfe8b8; Heather honey|Heidehonig|#c9a0b8"),
    _F("spreads", "FLR", "jar", "{}, 350 g", "{}, 350 g", "#b07a43", "#7b4a2a",
       590, (75, 75, 100), 479, (180, 400), 6, 3,
       "Peanut butter|Erdnussbutter|#f0d9a8; Almond butter|Mandelmus|#e6cfae; "
       "Hazelnut spread|Haselnusscreme|#f4e3c8; Tahini|Tahin|#e9dcb9"),
    _F("tins", "FLR", "jar", "{}, 680 g", "{}, 680 g", "#a8b96a", "#d9b13f",
       1120, (86, 86, 150), 229, (300, 800), 6, 5,
       "Gherkins|Gewürzgurken|#5f8a3a; Sauerkraut|Sauerkraut|#f1ebcf; Red cabbage|Rotkohl|#7d2f5a; "
       "Beetroot|Rote Bete|#8c1f42; Silver onions|Silberzwiebeln|#eef0ee; "
       "Roasted peppers|Geröstete Paprika|#d2472e"),
    _F("tins", "FLR", "jar", "{}, 125 g", "{}, 125 g", "#f0a64a", "#6fb1e0",
       215, (60, 60, 72), 119, (200, 600), 12, 4,
       "Carrot baby food|Babybrei Karotte|#f08a24; Pumpkin baby food|Babybrei Kürbis|#f0b02f; "
       "Apple baby food|Babybrei Apfel|#a8c86a; Pear baby food|Babybrei Birne|#c9c248"),
    _F("oils", "FLR", "jar", "{}, 190 g", "{}, 190 g", "#c9b458", "#3b3f45",
       340, (66, 66, 80), 319, (200, 500), 12, 4,
       "Basil pesto|Basilikumpesto|#3f7f3a; Red pesto|Rotes Pesto|#b93a26; "
       "Mild mustard|Mittelscharfer Senf|#e0b52f; Wholegrain mustard|Körniger Senf|#a87f2f; "
       "Horseradish|Meerrettich|#eef0e4; Olives, green|Oliven, grün|#7f8f3a; Capers|Kapern|#5d7048"),
    _F("coffee", "FLR", "bag", "Coffee, {}, 250 g", "Kaffee, {}, 250 g", "#6b4a36", "#4d3325",
       262, (80, 55, 160), 549, (150, 420), 12, 1,
       "ground|gemahlen|#e9d9c7; espresso|Espresso|#c23b2e; decaffeinated|entkoffeiniert|#3f7f6b; "
       "dark roast|dunkle Röstung|#1f1a17; Ethiopia|Äthiopien|#e0a63a; whole bean|ganze Bohne|#b98f5f"),
    _F("coffee", "FLR", "bag", "{}, 1 kg", "{}, 1 kg", "#efe6d2", "#c8b78f",
       1015, (105, 70, 165), 149, (200, 500), 10, 3,
       "Wheat flour|Weizenmehl|#d9a83f; Spelt flour|Dinkelmehl|#b9813a; Rye flour|Roggenmehl|#7d6a50; "
       "Wholemeal flour|Vollkornmehl|#8f6b3a; Sugar|Zucker|#4f8fc9; Cane sugar|Rohrzucker|#b5763a; "
       "Polenta|Polenta|#f0c23a"),
    _F("grains", "FLR", "pouch", "{}, 500 g", "{}, 500 g", "#d8e0d0", "#5f7f5a",
       510, (120, 50, 190), 249, (250, 700), 10, 3,
       "Basmati rice|Basmatireis|#f4f1ea; Jasmine rice|Jasminreis|#dfe9d8; "
       "Risotto rice|Risottoreis|#f0e2c0; Red lentils|Rote Linsen|#e07a3f; "
       "Dried chickpeas|Getrocknete Kichererbsen|#e0c38a; Quinoa|Quinoa|#efe0b8; "
       "Couscous|Couscous|#e8c86a; Bulgur|Bulgur|#c99a52; Pearl barley|Perlgraupen|#e5dcc8"),
    _F("grains", "FLR", "pouch", "{}, 500 g", "{}, 500 g", "#2f5f9f", "#1f3f6f",
       512, (110, 60, 230), 129, (400, 900), 12, 1,
       "Spaghetti|Spaghetti|#f0d27a; Penne|Penne|#f0c85f; Fusilli|Fusilli|#e8bd52; "
       "Farfalle|Farfalle|#f3dc9a; Tagliatelle|Tagliatelle|#eacb6f; Macaroni|Makkaroni|#f0d890; "
       "Rigatoni|Rigatoni|#e3b548"),
    _F("grains", "FLR", "pouch", "{}, 200 g", "{}, 200 g", "#f0e8da", "#a0703f",
       208, (130, 45, 180), 349, (120, 300), 12, 3,
       "Almonds|Mandeln|#b07a43; Cashews|Cashewkerne|#e8d2a0; Walnuts|Walnüsse|#9a7248; "
       "Hazelnuts|Haselnüsse|#8f5f36; Pistachios|Pistazien|#9fb56a; Trail mix|Studentenfutter|#7d4f3a; "
       "Raisins|Rosinen|#5a3a4f; Dried apricots|Getrocknete Aprikosen|#f0963a; Dates|Datteln|#6b4226; "
       "Cranberries|Cranberrys|#b0283f"),
    _F("grains", "MEZ", "box", "{}, 500 g", "{}, 500 g", "#d8482f", "#a83222",
       560, (190, 65, 270), 259, (150, 360), 8, 3,
       "Rolled oats|Haferflocken|#f0e2c0; Corn flakes|Cornflakes|#f4c84a; "
       "Fruit muesli|Früchtemüsli|#b8334a; Crunchy muesli|Knuspermüsli|#c98a4b; "
       "Spelt flakes|Dinkelflocken|#d9b98a; Choco rings|Schokoringe|#5a3a28"),
    _F("coffee", "MEZ", "packet", "{}, 20 bags", "{}, 20 Beutel", "#3f7f6b", "#2f5f50",
       62, (130, 65, 75), 219, (400, 1000), 12, 3,
       "Peppermint tea|Pfefferminztee|#8fd0a8; Camomile tea|Kamillentee|#f4e28a; "
       "Green tea|Grüner Tee|#a8c86a; Earl Grey|Earl Grey|#6f7fa8; Fennel tea|Fencheltee|#c9d88a; "
       "Rooibos tea|Rooibostee|#b5522f; Fruit tea|Früchtetee|#c2355b; Darjeeling|Darjeeling|#8a5a32"),
    _F("tins", "FLR", "can", "{}, 400 g", "{}, 400 g", "#c8d0d8", "#9aa6b2",
       460, (75, 75, 110), 119, (600, 1400), 12, 2,
       "Chopped tomatoes|Gehackte Tomaten|#cf3d2e; Peeled tomatoes|Geschälte Tomaten|#e0573f; "
       "Chickpeas|Kichererbsen|#d9b56a; Kidney beans|Kidneybohnen|#7d2330; "
       "White beans|Weiße Bohnen|#efe6d2; Sweetcorn|Mais|#f0c23a; Coconut milk|Kokosmilch|#3f8f8a; "
       "Lentil soup|Linsensuppe|#9a6b3a; Tomato soup|Tomatensuppe|#d2472e; Pineapple|Ananas|#e8c02f; "
       "Peaches|Pfirsiche|#f0a06a; Peas|Erbsen|#5f9f4a"),
    _F("tins", "MEZ", "tin", "{}, 120 g", "{}, 120 g", "#c8d0d8", "#8f9ba8",
       165, (110, 70, 28), 229, (700, 1500), 24, 4,
       "Sardines|Sardinen|#2f6db3; Tuna|Thunfisch|#3f8f8a; Mackerel|Makrele|#e0a63a; "
       "Herring|Hering|#d2472e; Smoked trout|Geräucherte Forelle|#7d5636; Mussels|Miesmuscheln|#4a4f93"),
    _F("oils", "FLR", "bottle", "{}, 750 ml", "{}, 750 ml", "#8f9f3a", "#2f3a1f",
       1180, (76, 76, 300), 799, (300, 700), 6, 3,
       "Olive oil|Olivenöl|#e9e4c0; Rapeseed oil|Rapsöl|#f0d23a; Sunflower oil|Sonnenblumenöl|#f4b82f; "
       "Apple vinegar|Apfelessig|#a8c86a; Wine vinegar|Weinessig|#8c1f42; Walnut oil|Walnussöl|#9a7248"),
    _F("oils", "MEZ", "tube", "{}, 200 g", "{}, 200 g", "#f4f1ea", "#b93a26",
       225, (50, 38, 175), 169, (200, 500), 12, 4,
       "Tomato purée|Tomatenmark|#cf3d2e; Mayonnaise|Mayonnaise|#f0d27a; Harissa|Harissa|#9f2a1f; "
       "Anchovy paste|Sardellenpaste|#4f7f9f"),
    _F("oils", "MEZ", "shaker", "{}, 40 g", "{}, 40 g", "#d9c7a8", "#2b2f36",
       118, (45, 45, 100), 249, (500, 1000), 12, 5,
       "Sweet paprika|Paprika edelsüß|#c2372a; Black pepper|Schwarzer Pfeffer|#3b3f45; "
       "Cinnamon|Zimt|#9a5f32; Turmeric|Kurkuma|#e0a020; Curry powder|Currypulver|#d9b03a; "
       "Cumin|Kreuzkümmel|#8f7040; Oregano|Oregano|#6f8a4a; Thyme|Thymian|#7f9a6a; "
       "Nutmeg|Muskatnuss|#7d5a3a; Chilli flakes|Chiliflocken|#d2301f; "
       "Vanilla sugar|Vanillezucker|#f3e6b8; Sea salt|Meersalz|#a9c7d9"),
    _F("sweets", "MEZ", "bar", "{}, 100 g", "{}, 100 g", "#5a3a28", "#d9c7a8",
       108, (160, 76, 9), 169, (120, 400), 20, 1,
       "Milk chocolate|Vollmilchschokolade|#7fb7d9; "
       "Dark chocolate 70 %|Zartbitterschokolade 70 %|#8c2b22; "
       "White chocolate|Weiße Schokolade|#f3e6c8; Hazelnut chocolate|Haselnussschokolade|#3f7f4c; "
       "Orange chocolate|Orangenschokolade|#f08a24; Mint chocolate|Minzschokolade|#6fc0a0; "
       "Almond chocolate|Mandelschokolade|#c98a4b"),
    _F("sweets", "MEZ", "bar", "{} bar, 40 g", "{}riegel, 40 g", "#b98f5f", "#f0e8da",
       43, (130, 35, 20), 99, (90, 240), 24, 2,
       "Oat|Hafer|#e0c38a; Date|Dattel|#6b4226; Protein|Protein|#3f6f9f; Peanut|Erdnuss|#d98f3a"),
    _F("sweets", "MEZ", "packet", "{}, 200 g", "{}, 200 g", "#e0a63a", "#b57a22",
       214, (200, 60, 65), 159, (90, 260), 12, 2,
       "Butter biscuits|Butterkekse|#f4e28a; Oat biscuits|Haferkekse|#c9a463; "
       "Ginger biscuits|Ingwerkekse|#a85f2a; Crispbread|Knäckebrot|#d9b98a; "
       "Rice cakes|Reiswaffeln|#f4f1ea; Salt crackers|Salzcracker|#7fb7d9; "
       "Shortbread|Mürbegebäck|#b8334a"),
    _F("sweets", "MEZ", "pillow", "{}, 150 g", "{}, 150 g", "#d2472e", "#a83222",
       164, (200, 80, 280), 189, (60, 150), 10, 2,
       "Sea salt crisps|Meersalzchips|#4f8fc9; Paprika crisps|Paprikachips|#f0a64a; "
       "Vegetable crisps|Gemüsechips|#7a9a5b; Tortilla chips|Tortillachips|#f0c23a; "
       "Pretzels|Brezeln|#9a5f32; Salted popcorn|Salziges Popcorn|#f4f1ea"),
    _F("sweets", "MEZ", "cup", "{}, 65 g", "{}, 65 g", "#f0e8da", "#d2472e",
       82, (95, 95, 110), 149, (150, 360), 8, 4,
       "Vegetable noodle cup|Nudelbecher Gemüse|#7a9a5b; Curry noodle cup|Nudelbecher Curry|#e0a020; "
       "Apple porridge cup|Porridgebecher Apfel|#a8c86a; Lentil soup cup|Linsensuppenbecher|#b5763a; "
       "Mashed potato cup|Kartoffelpüreebecher|#f0d890"),
    _F("care", "MEZ", "tube", "{} toothpaste, 75 ml", "Zahncreme {}, 75 ml", "#f4f6f8", "#2f6db3",
       105, (48, 38, 165), 199, (500, 1000), 12, 2,
       "Mint|Minze|#6fc0a0; Sensitive|Sensitiv|#9db7c9; White|Weiß|#4f8fc9; Children's|Kinder|#f0a64a"),
    _F("care", "MEZ", "tube", "{}, 75 ml", "{}, 75 ml", "#f3e6df", "#d08f9f",
       92, (50, 35, 150), 349, (400, 900), 12, 4,
       "Hand cream|Handcreme|#e0b0b8; Face cream|Gesichtscreme|#b8d0c0; Foot cream|Fußcreme|#8fc0d0; "
       "Sun cream SPF 30|Sonnencreme LSF 30|#f0b02f; After-sun lotion|After-Sun-Lotion|#6fb1e0"),
    _F("care", "MEZ", "pump", "{}, 300 ml", "{}, 300 ml", "#e6eef4", "#6b7f93",
       345, (70, 70, 190), 279, (500, 1000), 6, 3,
       "Lavender hand soap|Handseife Lavendel|#9f8fd0; Lemon hand soap|Handseife Zitrone|#e8d23a; "
       "Olive hand soap|Handseife Olive|#8f9f3a; Body lotion|Körperlotion|#f0c8b0; "
       "Sea hand soap|Handseife Meer|#4f8fc9; Rose hand soap|Handseife Rose|#e08fa0"),
    _F("care", "MEZ", "flask", "{}, 250 ml", "{}, 250 ml", "#cfe3d6", "#3f7f6b",
       282, (65, 42, 190), 259, (600, 1000), 6, 3,
       "Camomile shampoo|Shampoo Kamille|#f4e28a; Nettle shampoo|Shampoo Brennnessel|#5f9f4a; "
       "Apple shampoo|Shampoo Apfel|#a8c86a; Mild shampoo|Shampoo mild|#f4f6f8; "
       "Lime shower gel|Duschgel Limette|#b9d93a; Sea shower gel|Duschgel Meer|#4f8fc9; "
       "Almond shower gel|Duschgel Mandel|#d9b98a; Rose shower gel|Duschgel Rose|#e08fa0"),
    _F("care", "MEZ", "brush", "{}", "{}", "#4f8fc9", "#e6eef4",
       24, (195, 25, 22), 179, None, 12, 4,
       "Toothbrush, soft|Zahnbürste, weich|#9fd0e8; Toothbrush, medium|Zahnbürste, mittel|#f0a64a; "
       "Toothbrush, child|Zahnbürste, Kind|#e08fa0; Hairbrush|Haarbürste|#7d5636"),
    _F("care", "MEZ", "packet", "{}", "{}", "#f4f6f8", "#d2472e",
       48, (120, 60, 25), 299, (700, 1200), 10, 5,
       "Plasters, 20|Pflaster, 20 Stück|#e8c0a0; Gauze bandage|Mullbinde|#d7dde2; "
       "Cotton pads, 80|Wattepads, 80 Stück|#a9d3e6"),
    _F("care", "FLR", "spray", "{} deodorant spray, 150 ml", "Deospray {}, 150 ml", "#d7dde2", "#3b3f45",
       130, (52, 52, 160), 229, None, 6, 6,
       "Fresh|frisch|#6fc0a0; Mild|mild|#e0b0b8", "2.1"),
    _F("clean", "MEZ", "spray", "{}, 500 ml", "{}, 500 ml", "#a9d3e6", "#d2472e",
       580, (110, 60, 265), 249, None, 8, 4,
       "Glass cleaner|Glasreiniger|#2f6db3; Bathroom cleaner|Badreiniger|#6fc0a0; "
       "Kitchen cleaner|Küchenreiniger|#f08a24"),
    _F("clean", "FLR", "spray", "{}, 500 ml", "{}, 500 ml", "#e8d23a", "#2b2f36",
       600, (110, 60, 265), 449, None, 8, 7,
       "Oven cleaner|Backofenreiniger|#b93a26; Limescale remover|Kalklöser|#4f8fc9", "8"),
    _F("clean", "FLR", "jug", "{}, 1.5 L", "{}, 1,5 L", "#2f6db3", "#e8d23a",
       1640, (190, 95, 290), 549, None, 4, 2,
       "Colour laundry liquid|Colorwaschmittel|#e0573f; White laundry liquid|Vollwaschmittel|#f4f6f8; "
       "Wool laundry liquid|Wollwaschmittel|#d0a8c8; Mild laundry liquid|Sensitivwaschmittel|#a8d0b8; "
       "Fabric softener|Weichspüler|#8fb7e8; Floor cleaner|Bodenreiniger|#7a9a5b"),
    _F("clean", "FLR", "box", "{}", "{}", "#4f8fc9", "#2f5f9f",
       1250, (180, 75, 200), 499, None, 6, 3,
       "Washing powder, 1.2 kg|Waschpulver, 1,2 kg|#f4f6f8; "
       "Dishwasher tabs, 40|Spülmaschinentabs, 40 Stück|#d2472e; "
       "Dishwasher salt, 1.2 kg|Spülmaschinensalz, 1,2 kg|#a9d3e6; "
       "Washing soda, 1 kg|Waschsoda, 1 kg|#f0c23a"),
    _F("clean", "MEZ", "sponge", "{}", "{}", "#f0d23a", "#3f7f4c",
       52, (110, 70, 75), 149, None, 12, 3,
       "Sponges, 5|Schwämme, 5 Stück|#f0d23a; Scouring pads, 3|Topfreiniger, 3 Stück|#9aa6b2; "
       "Microfibre cloths, 3|Mikrofasertücher, 3 Stück|#6fb1e0; "
       "Dishcloths, 4|Spültücher, 4 Stück|#e08fa0"),
    _F("clean", "MEZ", "brush", "{}", "{}", "#f4f1ea", "#d9b98a",
       96, (260, 60, 55), 229, None, 6, 6,
       "Dish brush|Spülbürste|#2f6db3; Bottle brush|Flaschenbürste|#6fc0a0; "
       "Hand brush|Handfeger|#b93a26; Nail brush|Nagelbürste|#d9b98a"),
    _F("home", "FLR", "roll", "{}", "{}", "#f4f6f8", "#d9c7a8",
       720, (240, 240, 230), 399, None, 6, 1,
       "Kitchen roll, 4|Küchenrollen, 4 Stück|#4f8fc9; "
       "Toilet paper, 8|Toilettenpapier, 8 Rollen|#6fc0a0; Paper towels, 2|Putzrollen, 2 Stück|#f0a64a"),
    _F("home", "MEZ", "roll", "{}", "{}", "#d7dde2", "#9aa6b2",
       260, (310, 50, 50), 219, None, 12, 3,
       "Cling film, 30 m|Frischhaltefolie, 30 m|#6fb1e0; Baking paper, 20 m|Backpapier, 20 m|#b5763a; "
       "Aluminium foil, 20 m|Alufolie, 20 m|#8f9ba8; Bin bags, 35 L|Müllbeutel, 35 L|#3b3f45; "
       "Bin bags, 60 L|Müllbeutel, 60 L|#5f6f7f; Freezer bags, 3 L|Gefrierbeutel, 3 L|#4f8fc9"),
    _F("home", "MEZ", "candle", "{}", "{}", "#f3e6c8", "#f0a020",
       310, (70, 70, 120), 329, None, 8, 5,
       "Pillar candle, white|Stumpenkerze, weiß|#f4f6f8; Pillar candle, red|Stumpenkerze, rot|#b93a26; "
       "Pillar candle, green|Stumpenkerze, grün|#3f7f4c; Beeswax candle|Bienenwachskerze|#e0a63a; "
       "Vanilla candle|Vanillekerze|#f3e6b8"),
    _F("home", "MEZ", "battery", "{}", "{}", "#3b3f45", "#d9a83f",
       190, (120, 20, 140), 599, (1200, 2400), 10, 2,
       "Batteries AA, 8|Batterien AA, 8 Stück|#d9a83f; Batteries AAA, 8|Batterien AAA, 8 Stück|#4f8fc9; "
       "Batteries C, 2|Batterien C, 2 Stück|#b93a26; Batteries D, 2|Batterien D, 2 Stück|#6fc0a0; "
       "Battery 9 V|Blockbatterie 9 V|#9f8fd0"),
    _F("home", "MEZ", "bulb", "LED bulb {}", "LED-Lampe {}", "#fff3b8", "#9aa6b2",
       58, (62, 62, 115), 449, None, 10, 5,
       "E27, 8 W, warm|E27, 8 W, warm|#f0b02f; E27, 8 W, neutral|E27, 8 W, neutral|#f4f6f8; "
       "E14, 5 W, warm|E14, 5 W, warm|#f0a020; GU10, 5 W, warm|GU10, 5 W, warm|#e8c86a"),
    _F("home", "MEZ", "mug", "{}", "{}", "#4f8fc9", "#2f5f9f",
       340, (120, 90, 100), 499, None, 6, 5,
       "Mug, blue|Becher, blau|#e6eef4; Mug, white|Becher, weiß|#d7dde2; "
       "Mug, green|Becher, grün|#a8d0b8; Milk jug|Milchkännchen|#f4f1ea; Sugar bowl|Zuckerdose|#f0d890"),
    _F("home", "FLR", "bucket", "{}", "{}", "#d2472e", "#8f9ba8",
       620, (290, 290, 270), 599, None, 5, 7,
       "Bucket, 10 L|Eimer, 10 L|#f4f6f8; Storage tub, 8 L|Aufbewahrungsbox, 8 L|#6fb1e0; "
       "Waste bin, 9 L|Abfalleimer, 9 L|#3b3f45; Plant pot, 24 cm|Blumentopf, 24 cm|#b5522f"),
    _F("home", "MEZ", "packet", "Household gloves, {}", "Haushaltshandschuhe, {}", "#f0a64a", "#c97a22",
       78, (220, 120, 15), 199, None, 12, 5,
       "S|S|#f4e28a; M|M|#f08a24; L|L|#d2472e"),
    _F("pets", "FLR", "sack", "{}", "{}", "#8f6b3a", "#5a4226",
       3080, (280, 110, 400), 999, (300, 700), 4, 3,
       "Dry dog food, 3 kg|Trockenfutter Hund, 3 kg|#e0a63a; "
       "Dry cat food, 3 kg|Trockenfutter Katze, 3 kg|#6fb1e0; "
       "Bird food, 3 kg|Vogelfutter, 3 kg|#a8c86a; Rabbit food, 3 kg|Kaninchenfutter, 3 kg|#d9b98a"),
    _F("pets", "FLR", "sack", "{}", "{}", "#7a9a5b", "#4d6b3a",
       4550, (330, 120, 420), 699, None, 4, 5,
       "Cat litter, 6 L|Katzenstreu, 6 L|#d7dde2; Potting soil, 6 L|Blumenerde, 6 L|#5a3a28; "
       "Charcoal, 4 kg|Holzkohle, 4 kg|#2b2f36; Lawn fertiliser, 4 kg|Rasendünger, 4 kg|#b9d93a; "
       "Grass seed, 4 kg|Rasensamen, 4 kg|#e0d08a"),
    _F("pets", "FLR", "can", "{}, 400 g", "{}, 400 g", "#d9b13f", "#a88728",
       470, (75, 75, 110), 139, (500, 1100), 12, 2,
       "Cat food, chicken|Katzenfutter Huhn|#f0c85f; Cat food, salmon|Katzenfutter Lachs|#e88f7a; "
       "Cat food, beef|Katzenfutter Rind|#9f3a2f; Dog food, beef|Hundefutter Rind|#7d2f22; "
       "Dog food, lamb|Hundefutter Lamm|#8f9f5a"),
    _F("paper", "MEZ", "book", "{}", "{}", "#3f6f9f", "#f4f1ea",
       240, (210, 148, 14), 299, None, 10, 5,
       "Notebook A5, lined|Notizbuch A5, liniert|#e8d7b5; "
       "Notebook A5, squared|Notizbuch A5, kariert|#a8d0b8; "
       "Notebook A5, plain|Notizbuch A5, blanko|#f4f6f8; Address book|Adressbuch|#b8334a; "
       "Recipe book|Rezeptbuch|#f0a64a; Guest book|Gästebuch|#9f8fd0"),
    _F("paper", "MEZ", "card", "{}", "{}", "#f3e6df", "#b8334a",
       18, (170, 120, 3), 149, None, 20, 4,
       "Gift note|Geschenkkarte|#b8334a; Birthday card|Geburtstagskarte|#f0a64a; "
       "Thank-you card|Dankeskarte|#6fc0a0; Envelopes, 25|Briefumschläge, 25 Stück|#a9d3e6; "
       "Sticky notes|Haftnotizen|#f0d23a"),
    _F("pets", "MEZ", "bag", "{}, 80 g", "{}, 80 g", "#b5522f", "#7d3a22",
       88, (140, 30, 200), 249, (180, 420), 14, 4,
       "Dog biscuits|Hundekekse|#f0d9a8; Cat treats|Katzensnacks|#f0c85f; "
       "Chew sticks|Kausticks|#d9b98a; Bird seed bar|Vogelknabberstange|#a8c86a"),
)
# fmt: on
