/**
 * Figures: builders, drawing, files and notebooks.
 *
 * @module
 */
export * from "./bar_figure.ts";
export * from "./browser.ts";
export * from "./display.ts";
export * from "./export.ts";
export * from "./figure.ts";
export * from "./heat_map_figure.ts";
export * from "./histogram_figure.ts";
export * from "./line_figure.ts";
export * from "./page.ts";
export * from "./pdf.ts";
export * from "./scatter_figure.ts";
export * from "./style.ts";
export * from "./subplots.ts";
export * from "./svg.ts";
