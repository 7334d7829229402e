import assert from "node:assert/strict";
import { test } from "node:test";

import { sharesOf } from "../../dashboard/components/unit/histogram.js";
import {
    behindWords,
    indexingWords,
    lowerWords,
    offerWords,
    patchWords,
    skippedWords,
} from "../../dashboard/components/unit/words.js";

test("bars stand where images lie, and nowhere else", () => {
    const shares = sharesOf([0, 0.5, 1, 10, 11, 12], 12);
    assert.deepEqual(
        shares.map((share) => Math.round(share * 6)),
        [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2],
    );
});

test("what is said of the images is true of those that are shown", () => {
    assert.equal(lowerWords(52, { images: 55, exact: true }), "higher than 52 of the 55 images");
    assert.equal(lowerWords(999, { images: 1000, exact: false }), "higher than about 99 % of the images");
    const answer = { images: 55, about: "the sample photographs", small: true, source: "samples" };
    assert.equal(behindWords(answer), "From 55 images cut from the sample photographs: a small index, made here.");
});

test("a patch is named by its photograph, and has a place where the map has more than one", () => {
    const patch = [3, 2, 4, 11.6, 54, [0, 0, 8, 8], "part of Cat"];
    assert.equal(
        patchWords("Best", 0, patch, { images: 55, exact: true, places: true }),
        "Best 1: part of Cat, row 2, column 4 of the map, value 11.6, higher than 54 of the 55 images",
    );
    assert.equal(
        patchWords("Best", 0, patch, { images: 55, exact: true, places: false }),
        "Best 1: part of Cat, value 11.6, higher than 54 of the 55 images",
    );
});

test("a folder is offered by its name and size, and what is not in its index is counted", () => {
    const told = offerWords({ about: "the folder photos", files: 40 });
    assert.equal(told, "Index the folder photos of this server: 40 files");
    assert.equal(skippedWords(1), "1 file is not in it: which, and why");
});

test("an index that is being made says in one phrase how far it is", () => {
    assert.equal(indexingWords("images", "8 of 55 images"), "Indexing images: 8 of 55 done.");
    assert.equal(indexingWords("photos", "1,008 of 5,500 images"), "Indexing photos: 1,008 of 5,500 done.");
    assert.equal(indexingWords("images", ""), "Indexing images …");
    assert.equal(
        indexingWords("images", "It does not hold this layer yet."),
        "Indexing images … It does not hold this layer yet.",
    );
});
