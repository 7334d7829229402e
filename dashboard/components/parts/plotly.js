// Plotly, fetched once for all charts of the page.

import { element } from "../parts/element.js";

let loading = null;

export function plotly(files) {
    loading ??= new Promise((resolve, reject) => {
        const script = element("script", { src: `${files}plotly.min.js` });
        script.onload = () => resolve(window.Plotly);
        script.onerror = () => {
            loading = null;
            reject(new Error("the charts could not be loaded"));
        };
        document.head.append(script);
    });
    return loading;
}
