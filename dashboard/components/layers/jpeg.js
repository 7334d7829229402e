// Pictures as the server takes them: JPEG, of a size and of so many bytes at most.

const SIDES = [1280, 1024, 768, 512],
    BYTES = 256_000;
const FRAME = 0.7,
    PHOTO = 0.88; // quality

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} [quality]
 * @returns {Promise<Blob>}
 */
export function jpegOf(canvas, quality = FRAME) {
    return new Promise((resolve, reject) =>
        canvas.toBlob(
            (blob) => (blob ? resolve(blob) : reject(new Error("no JPEG could be made"))),
            "image/jpeg",
            quality,
        ),
    );
}

/**
 * A photo, upright, reduced as far as it has to be.
 * @param {Blob} file whatever the visitor gave: the browser's decoder is what reads it
 */
export async function photo(file) {
    const bitmap = await createImageBitmap(file);
    try {
        for (const side of SIDES) {
            const made = await jpegOf(reduced(bitmap, side), PHOTO);
            if (made.size <= BYTES) return made;
        }
    } finally {
        bitmap.close();
    }
    throw new Error("a photo of too many bytes");
}

/**
 * @param {ImageBitmap} bitmap
 * @param {number} side the longer one, at most
 */
function reduced(bitmap, side) {
    const share = Math.min(1, side / Math.max(bitmap.width, bitmap.height)),
        canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(share * bitmap.width));
    canvas.height = Math.max(1, Math.round(share * bitmap.height));
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("no canvas");
    context.fillStyle = "white"; // under what is transparent, as the server reads files
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
}
