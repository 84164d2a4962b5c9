/**
 * Demo.
 *
 * @module
 */
export * from "./chart.ts";
export * from "./closing.ts";
export * from "./load.ts";
export * from "./pause.ts";
export * from "./player.ts";
export * from "./policies.ts";
export * from "./session.ts";
export * from "./terminal.ts";
export * from "./terminal_view.ts";
export * from "./web_server.ts";
