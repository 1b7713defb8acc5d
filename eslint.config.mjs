import eslint from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

const inputAndOutput = ["node:(child_process|fs|http|https|net)$"];

/**
 * Who may import whom. A room is a folder of the repository; of the others it knows the packages that
 * are listed, and of its own package no floor above it.
 */
const rooms = [
  { files: "components/*.ts", packages: [], without: inputAndOutput },
  {
    files: "components/core/**",
    packages: [],
    floorsAbove: ["environment", "platform"],
    without: inputAndOutput,
  },
  {
    files: "components/environment/**",
    packages: [],
    floorsAbove: ["platform"],
    without: inputAndOutput,
  },
  { files: "components/platform/**", packages: [], without: inputAndOutput },
  { files: "isolation/**", packages: ["/core"], without: ["@pulumi/"] },
  { files: "policy/**", packages: ["/core", "-isolation"] },
  { files: "kubernetes/**", packages: [], without: ["@pulumi/"] },
  { files: "sandbox/**", packages: ["-kubernetes"] },
  { files: "cluster/**", packages: ["", "/core", "-kubernetes"] },
  {
    files: "review/**",
    packages: ["/core", "-cluster(/.*)?", "-kubernetes"],
    without: ["@pulumi/"],
  },
  { files: "review/engine/**", packages: ["", "/core", "-cluster(/.*)?"] },
  { files: "platform/**", packages: ["", "/core", "-cluster(/.*)?", "-kubernetes"] },
  { files: "examples/**", packages: ["", "-cluster(/.*)?"] },
  { files: "examples/demo/**", packages: ["/core", "-kubernetes", "-sandbox"] },
  { files: "index.ts", packages: ["", "-cluster(/.*)?"] },
];

/** The rule of a room, which names what it refuses and where to look it up. */
function importsOf({ files, packages, floorsAbove = [], without = [] }) {
  const message = "This room does not know that one: see the floors and rooms in ARCHITECTURE.md.";
  const regexes = [
    `^secure-environment(?!(${packages.join("|") || "\\0"})$)`,
    "^#",
    ...floorsAbove.map((floor) => `^(\\.\\./)+${floor}(/|$)`),
    ...without.map((name) => `^${name}`),
  ];
  const patterns = regexes.map((regex) => ({ regex, message }));
  return { files: [files], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

export default tseslint.config(
  { ignores: ["**/bin/", "**/node_modules/", ".sandbox/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { "@pulumi": pulumi },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@pulumi/no-output-in-template-literal": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      complexity: ["error", 12],
      eqeqeq: "error",
      "no-console": "off",
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      // Tests look at whatever the API server answered.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  ...rooms.map(importsOf),
  {
    files: ["components/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "@pulumi/kubernetes",
              allowTypeImports: true,
              message: "Import a group alone: to load all of them slows down every program.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["bench/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: "^(\\.\\./)+test(/|$)", message: "Benchmarks know no tests." }] },
      ],
    },
  },
  {
    files: ["**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { require: "readonly", module: "writable", process: "readonly" },
    },
  },
);
