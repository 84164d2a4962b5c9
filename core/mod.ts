/**
 * What everything stands on: random streams, spaces, arrays and archives,
 * options, scripts and their progress.
 *
 * @module
 */
export * from "./archive.ts";
export * from "./array_file.ts";
export * from "./atomic_file.ts";
export * from "./command_names.ts";
export * from "./console_stream.ts";
export * from "./csv_log.ts";
export * from "./deno_version.ts";
export * from "./escape_html.ts";
export * from "./fdlibm.ts";
export * from "./file_errors.ts";
export * from "./hdf5.ts";
export * from "./hdf5_reader.ts";
export * from "./help.ts";
export * from "./is_file.ts";
export * from "./json_file.ts";
export * from "./log_gamma.ts";
export * from "./loopback_server.ts";
export * from "./nd_array.ts";
export * from "./nearest_name.ts";
export * from "./npy.ts";
export * from "./npz.ts";
export * from "./npz_stream.ts";
export * from "./onnx.ts";
export * from "./options.ts";
export * from "./parameters.ts";
export * from "./parse_options.ts";
export * from "./paths.ts";
export * from "./pickle_reader.ts";
export * from "./pickle_writer.ts";
export * from "./progress.ts";
export * from "./random.ts";
export * from "./rest_option.ts";
export * from "./result_json.ts";
export * from "./safetensors.ts";
export * from "./savez.ts";
export * from "./script.ts";
export * from "./script_context.ts";
export * from "./script_options.ts";
export * from "./sha256.ts";
export * from "./spaces.ts";
export * from "./state.ts";
export * from "./state_json.ts";
export * from "./status_line.ts";
export * from "./stream_file.ts";
export * from "./table.ts";
export * from "./table_html.ts";
export * from "./tensorboard.ts";
export * from "./text_lines.ts";
export * from "./usage_error.ts";
export * from "./version.ts";
export * from "./ziggurat.ts";
