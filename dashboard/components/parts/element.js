// Building blocks of the page: elements with properties and children, and the few icons.

/** @typedef {keyof typeof ICONS} Icon */

const ICONS = {
    pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
    resume: "M8 5v14l11-7z",
    step: "M6 5v14l8.5-7zM15.5 5H18v14h-2.5z",
    stop: "M6.5 6.5h11v11h-11z",
    branch: "M5 4h2v5.2c0 1 .6 1.8 1.6 1.8H15V8l5 4-5 4v-3H8.6C6.5 13 5 11.4 5 9.2zM5 15h2v5H5z",
    save: "M11 4h2v7.500l2.600-2.600L17 10.300 12 15.300l-5-5 1.400-1.400 2.600 2.600zM5 17h14v2.500H5z",
    live:
        "M12 8.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7z" +
        "M5.600 5.600 7 7a7 7 0 0 0 0 10l-1.400 1.400a9 9 0 0 1 0-12.800z" +
        "m12.800 0a9 9 0 0 1 0 12.800L17 17a7 7 0 0 0 0-10z",
};

/**
 * Text always arrives as text nodes: what a run or a link says can never become markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [properties] of the node, else attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (name in node && !name.startsWith("aria")) Object.assign(node, { [name]: value });
        else if (value !== null && value !== undefined) node.setAttribute(name, String(value));
    }
    node.append(...children);
    return node;
}

/** @param {Icon} name */
function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
}

/**
 * A button with its icon; `text` is its name, `hint` what it does.
 * @param {Icon} name
 * @param {string} text
 * @param {string} hint
 * @param {() => void} act
 */
export function button(name, text, hint, act) {
    const words = element("span", {}, text);
    const properties = { type: "button", className: "av-button", title: hint, "aria-label": text, "data-testid": name };
    const node = element("button", properties);
    node.append(icon(name), words);
    node.addEventListener("click", act);
    return node;
}

/**
 * A place for a few words, such as a number.
 * @param {string} name also that of its class
 * @param {Record<string, string>} [properties]
 */
export function cell(name, properties = {}) {
    return element("span", { className: `av-${name}`, "data-testid": name, ...properties });
}

/** @param {...Node} children */
export function line(...children) {
    return element("div", { className: "av-line" }, ...children);
}

/** @param {string} label */
export function progress(label) {
    return element("progress", { className: "av-progress", "aria-label": label, max: 1, value: 0 });
}

/**
 * @param {Node} node
 * @param {string} text
 */
export function show(node, text) {
    if (node.textContent !== text) node.textContent = text;
}
