const LONGEST_SIDE = 1600;

function toBase64(blob) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1] || "");
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
}

/**
 * Return a photo in base64, made small where this browser can read it: a phone's
 * connection is slow. The server judges whatever arrives.
 *
 * @param {File} file
 */
export async function readPhoto(file) {
    let blob = file;
    try {
        const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
        const ratio = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(picture.width * ratio);
        canvas.height = Math.round(picture.height * ratio);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    } catch {
        // Not a picture this browser can read: the server says so in words.
    }
    return toBase64(blob || file);
}
