import js from "@eslint/js";
import globals from "globals";

export default [
    js.configs.recommended,
    {
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            "no-var": "error",
            "prefer-const": ["error", { destructuring: "all" }],
            eqeqeq: "error",
            "max-len": ["error", { code: 120 }], // prettier leaves comments as they are
            "max-lines": ["error", 300],
            "max-lines-per-function": ["error", 40],
        },
    },
    { files: ["dashboard/**/*.js"], languageOptions: { globals: globals.browser } },
    { files: ["tests/js/**/*.js"], languageOptions: { globals: globals.node } },
];
