import assert from "node:assert/strict";
import { test } from "node:test";

import { sharesOf } from "../../dashboard/components/unit/histogram.js";
import {
    behindWords,
    indexingWords,
    lowerWords,
    offerWords,
    patchWords,
    rangeWords,
    remarks,
    skippedWords,
} from "../../dashboard/components/unit/words.js";
import { words } from "./made.js";

const EN = words("en", "unit"),
    DE = { ...words("de", "unit"), "name Cat": "Katze" },
    FR = words("fr", "unit");

test("bars stand where images lie, and nowhere else", () => {
    const shares = sharesOf([0, 0.5, 1, 10, 11, 12], 12);
    assert.deepEqual(
        shares.map((share) => Math.round(share * 6)),
        [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2],
    );
});

test("what is said of the images is true of those that are shown", () => {
    assert.equal(lowerWords(EN, 52, { images: 55, exact: true }), "higher than 52 of the 55 images");
    assert.equal(lowerWords(EN, 999, { images: 1000, exact: false }), "higher than about 99 % of the images");
    const answer = { images: 55, name: "", small: true, source: "samples" };
    assert.equal(behindWords(EN, answer), "From 55 images cut from the sample photographs: a small index, made here.");
    const own = { images: 5000, name: "photos", small: false, source: "folder" };
    assert.equal(behindWords(EN, own), "From 5000 images of the folder photos.");
    assert.equal(behindWords(FR, own), "Parmi 5000 images du dossier photos.");
});

test("a patch is named by its photograph, and has a place where the map has more than one", () => {
    const patch = [3, 2, 4, -11.6, 54, [0, 0, 8, 8], "Cat", true],
        answer = { images: 55, exact: true, places: true };
    assert.equal(
        patchWords(EN, "Best", 0, patch, answer),
        "Best 1: part of Cat, row 2, column 4 of the map, value −11.6, higher than 54 of the 55 images",
    );
    assert.equal(
        patchWords(EN, "Best", 0, patch, { ...answer, places: false }),
        "Best 1: part of Cat, value −11.6, higher than 54 of the 55 images",
    );
    assert.equal(
        patchWords(DE, DE.best, 0, patch, { ...answer, places: false }),
        "Am stärksten, Nr. 1: Ausschnitt aus „Katze“, Wert −11,6, höher als bei 54 der 55 Bilder",
    );
});

test("where the visitor's image lies among all, in the signs of the language", () => {
    const answer = { quantiles: [-1, 0.5, 2.5], images: 3, exact: true, image: null };
    assert.equal(rangeWords(EN, answer), "Values of the 3 images, from −1.00 to 2.50.");
    const seen = { ...answer, image: { value: 0.75, lower: 2, name: "Cat" } };
    assert.equal(
        rangeWords(DE, seen),
        "Werte der 3 Bilder, von −1,00 bis 2,50; dein Bild (Katze): 0,750, höher als bei 2 der 3 Bilder.",
    );
});

test("a dead unit has no other remark", () => {
    const answer = { dead: false, tied: 3, border: true, images: 55 };
    assert.equal(remarks(EN, answer).length, 2);
    assert.deepEqual(remarks(EN, { ...answer, dead: true }), [EN.dead]);
    assert.deepEqual(remarks(EN, { ...answer, tied: 1, border: false }), []);
});

test("a folder is offered by its name and size, and what is not in its index is counted", () => {
    assert.equal(offerWords(EN, { name: "photos", files: 40 }), "Index the folder photos of this server: 40 files");
    assert.equal(offerWords(EN, { name: "photos", files: 1 }), "Index the folder photos of this server: 1 file");
    assert.equal(skippedWords(EN, 1), "1 file is not in it: which, and why");
    assert.equal(skippedWords(EN, 12), "12 files are not in it: which, and why");
});

test("an index that is being made says in one phrase how far it is", () => {
    assert.equal(indexingWords(EN, [8, 55]), "Indexing images: 8 of 55 done.");
    assert.equal(indexingWords(EN, [8, 5500], "photos"), "Indexing the folder photos: 8 of 5500 done.");
    assert.equal(indexingWords(EN, null), "Indexing images …");
    assert.equal(indexingWords(DE, [8, 55]), "Die Bilder werden durchgesehen: 8 von 55 sind fertig.");
});
