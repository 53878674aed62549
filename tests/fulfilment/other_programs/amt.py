"""Programs like fulfilment's by another author: in German, with letters in the menu, on SQLite.

python amt.py customer|inventory|warehouse|logistics|delivery
python amt.py einrichten customer:pia …        (password: AMT_KENNWORT)
"""

import hashlib
import os
import sqlite3
import sys

SCHEMA = """
CREATE TABLE IF NOT EXISTS leute (kennung TEXT PRIMARY KEY, rolle TEXT, salz TEXT, hash TEXT);
CREATE TABLE IF NOT EXISTS lager (ware TEXT PRIMARY KEY, frei INTEGER, belegt INTEGER);
CREATE TABLE IF NOT EXISTS auftrag
    (nr INTEGER PRIMARY KEY, ware TEXT, menge INTEGER, stand TEXT, lieferung TEXT, bezahlt TEXT);
"""
PREIS = 19.90
# Schritt: Menüpunkt, Frage nach, alter Stand, neuer Stand.
SCHRITTE = {
    "lager": ("b", "Auftragsnummer", "angenommen", "reserviert"),
    "versand": ("f", "Auftragsnummer", "reserviert", "freigegeben"),
    "fahrer": ("n", "Liefernummer", "geplant", "unterwegs"),
}


class Nein(Exception):
    pass


def frage(words):
    return input(f"{words}? ").strip()


def hash_of(kennwort, salz):
    return hashlib.scrypt(kennwort.encode(), salt=bytes.fromhex(salz), n=2**10, r=8, p=1).hex()


def einrichten(db, leute):
    for one in leute:
        rolle, kennung = one.split(":")
        salz = os.urandom(16).hex()
        row = (kennung, rolle, salz, hash_of(os.environ["AMT_KENNWORT"], salz))
        db.execute("INSERT OR REPLACE INTO leute VALUES (?, ?, ?, ?)", row)
    db.execute("INSERT OR REPLACE INTO lager VALUES ('Lampe', 3, 0)")


def melde_an(db, rolle):
    while True:
        kennung, kennwort = frage("Kennung"), frage("Kennwort")  # it is shown while it is typed
        row = db.execute("SELECT rolle, salz, hash FROM leute WHERE kennung = ?", (kennung,)).fetchone()
        if row and row[0] == rolle and hash_of(kennwort, row[1]) == row[2]:
            return
        print(f"Abgelehnt: Kennwort {kennwort} passt nicht zu {kennung}")


def hole(db, nummer):
    row = db.execute("SELECT nr, ware, menge, stand, lieferung FROM auftrag WHERE nr = ?", (nummer[3:],)).fetchone()
    if not row:
        raise Nein(f"Auftrag {nummer} ist unbekannt")
    return row


def hole_lieferung(db, nummer):
    row = db.execute("SELECT nr FROM auftrag WHERE lieferung = ?", (nummer,)).fetchone()
    if not row:
        raise Nein(f"Lieferung {nummer} ist unbekannt")
    return hole(db, f"A/{row[0]:04}")


def bestelle(db):
    ware, menge = frage("Was soll es sein"), int(frage("Wie viele"))
    nr = db.execute("INSERT INTO auftrag VALUES (NULL, ?, ?, 'angenommen', NULL, NULL)", (ware, menge)).lastrowid
    print(f"Angenommen unter Auftragsnummer A/{nr:04}; Betrag {PREIS * menge:.2f}")


def weiter(db, nr, alt, neu):
    if not db.execute("UPDATE auftrag SET stand = ? WHERE nr = ? AND stand = ?", (neu, nr, alt)).rowcount:
        raise Nein("Das hat schon jemand erledigt")


def schritt(db, rolle):
    _, was, alt, neu = SCHRITTE[rolle]
    nummer = frage(was)
    nr, ware, menge, *_ = hole_lieferung(db, nummer) if rolle == "fahrer" else hole(db, nummer)
    weiter(db, nr, alt, neu)
    if rolle == "lager":
        change = "UPDATE lager SET frei = frei - ?, belegt = belegt + ? WHERE ware = ? AND frei >= ?"
        if not db.execute(change, (menge, menge, ware, menge)).rowcount:
            raise Nein(f"Der Vorrat reicht nicht fuer {menge} {ware}")
    print(f"Erledigt: {neu}")


def plane(db):
    nummer = frage("Auftragsnummer")
    frage("Tour"), frage("Tag")
    nr = hole(db, nummer)[0]
    weiter(db, nr, "freigegeben", "geplant")
    db.execute("UPDATE auftrag SET lieferung = ? WHERE nr = ?", (f"L/{nr:04}", nr))
    print(f"Erledigt unter Liefernummer L/{nr:04}")


def uebergebe(db):
    nr, ware, menge, *_ = hole_lieferung(db, frage("Liefernummer"))
    print(f"Zu kassieren sind {PREIS * menge:.2f}")
    kassiert = frage("Kassiert")
    if float(kassiert) != PREIS * menge:
        raise Nein("Der Betrag stimmt nicht")
    weiter(db, nr, "unterwegs", "geliefert")
    db.execute("UPDATE auftrag SET bezahlt = ? WHERE nr = ?", (kassiert, nr))
    db.execute("UPDATE lager SET belegt = belegt - ? WHERE ware = ?", (menge, ware))
    print(f"Erledigt, {kassiert} kassiert")


def nimm_zurueck(db):
    nr, ware, menge, *_ = hole_lieferung(db, frage("Liefernummer"))
    frage("Warum")
    weiter(db, nr, "unterwegs", "verweigert")
    db.execute("UPDATE lager SET belegt = belegt - ?, frei = frei + ? WHERE ware = ?", (menge, menge, ware))
    print("Erledigt: geht zurueck")


def zeige(db):
    nr, _, _, stand, _ = hole(db, frage("Auftragsnummer"))
    print(f"Auftrag A/{nr:04} steht auf {stand}.")


MENU = {
    "customer": {"a": lambda db: print("Im Angebot: Lampe"), "k": bestelle, "z": zeige},
    "inventory": {"b": lambda db: schritt(db, "lager"), "z": zeige},
    "warehouse": {"f": lambda db: schritt(db, "versand"), "z": zeige},
    "logistics": {"p": plane, "z": zeige},
    "delivery": {"n": lambda db: schritt(db, "fahrer"), "u": uebergebe, "v": nimm_zurueck, "z": zeige},
}


def main():
    db = sqlite3.connect(os.environ["AMT_DATEI"], isolation_level=None, timeout=20)
    db.executescript(SCHEMA)
    rolle, *rest = sys.argv[1:]
    if rolle == "einrichten":
        einrichten(db, rest)
        return
    melde_an(db, rolle)
    while (wahl := frage(f"[{'/'.join(MENU[rolle])}/x]")) != "x":
        try:
            db.execute("BEGIN IMMEDIATE")
            MENU[rolle][wahl](db)
            db.execute("COMMIT")
        except Nein as nein:
            db.execute("ROLLBACK")
            print(f"Geht nicht: {nein}")
    print("Auf Wiedersehen")


main()
