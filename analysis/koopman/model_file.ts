/**
 * Koopman models as archives.
 *
 * @module
 */
import { readArchive, writeArchive } from "../../core/archive.ts";
import type { NdArray } from "../../core/nd_array.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { mlpLayout } from "../../learning/networks.ts";
import { namedArrays, vectorOf } from "../../learning/parameters.ts";
import {
  type Activation,
  type KoopmanModel,
  koopmanModel,
  type KoopmanParameters,
} from "./model.ts";

export type * from "./model.ts";

const KIND = "koopman";

/**
 * Writes a model with the data it learned from, atomically.
 *
 * @param path The file's place, such as `learned_model.zip`.
 * @param model What is saved.
 * @param record What else is to be known of it: seed, settings, files.
 */
export async function writeKoopmanModel(
  path: string,
  model: KoopmanModel,
  record: JsonRecord = {},
): Promise<void> {
  const { encoderLayout, decoderLayout } = layouts(model);
  const { latent, features } = model;
  await writeArchive(path, {
    config: {
      model: KIND,
      kind: model.kind,
      features,
      interval: model.interval,
      encoderSizes: model.encoderSizes,
      decoderSizes: model.decoderSizes,
      activation: model.activation,
      timescale: model.timescale,
      record,
    },
    tensors: {
      weights: {
        ...namedArrays(model.encoder, encoderLayout),
        ...namedArrays(model.decoder, decoderLayout),
        "operator.weight": { shape: [latent, latent], data: model.matrix },
        "operator.bias": { shape: [latent], data: model.bias },
        "scaling.shift": {
          shape: [features.length],
          data: model.scaling.shift,
        },
        "scaling.scale": {
          shape: [features.length],
          data: model.scaling.scale,
        },
      },
      data: Object.fromEntries(
        model.data.series.map((values, i) => [
          `series.${i}`,
          {
            shape: [values.length / features.length, features.length],
            data: values,
          },
        ]),
      ),
    },
  });
}

function layouts(
  { encoderSizes, decoderSizes = encoderSizes.toReversed() }: Pick<
    KoopmanParameters,
    "encoderSizes" | "decoderSizes"
  >,
) {
  return {
    encoderLayout: mlpLayout("encoder", encoderSizes),
    decoderLayout: mlpLayout("decoder", decoderSizes),
  };
}

/**
 * Reads a model.
 *
 * @param path The file. Throws a one-line `SyntaxError` that names it where it
 * is damaged, no archive, or another kind of model.
 */
export async function readKoopmanModel(path: string): Promise<KoopmanModel> {
  const { config, tensors } = await readArchive(path);
  const refuse = (reason: string): never => {
    throw new SyntaxError(
      `Cannot read ${JSON.stringify(path)} as a Koopman model: ${reason}`,
    );
  };
  if (config.model !== KIND) {
    return refuse(
      config.agent === undefined
        ? "it is another kind of model"
        : `it is a model of ${JSON.stringify(config.agent)}`,
    );
  }
  const { weights = {}, data = {} } = tensors;
  const numbers = (name: string) => {
    const array = weights[name];
    return array?.data instanceof Float64Array
      ? array.data
      : refuse(`${name} is missing`);
  };
  try {
    const encoderSizes = config.encoderSizes as number[];
    const decoderSizes = config.decoderSizes as number[] | undefined;
    const { encoderLayout, decoderLayout } = layouts({
      encoderSizes,
      decoderSizes,
    });
    const parameters: KoopmanParameters = {
      kind: config.kind as KoopmanParameters["kind"],
      features: config.features as string[],
      interval: config.interval as number,
      encoderSizes,
      decoderSizes,
      activation: config.activation as Activation,
      scaling: {
        shift: numbers("scaling.shift"),
        scale: numbers("scaling.scale"),
      },
      encoder: vectorOf(weights, encoderLayout),
      decoder: vectorOf(weights, decoderLayout),
      matrix: numbers("operator.weight"),
      bias: numbers("operator.bias"),
    };
    const { features, interval } = parameters;
    return koopmanModel(parameters, {
      features,
      interval,
      series: seriesOf(data, refuse),
    });
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      return refuse(error.message);
    }
    throw error;
  }
}

function seriesOf(
  arrays: Readonly<Record<string, NdArray>>,
  refuse: (reason: string) => never,
): Float64Array[] {
  return Object.keys(arrays).map((_, i) => {
    const array = arrays[`series.${i}`];
    return array?.data instanceof Float64Array
      ? array.data
      : refuse(`series ${i} of its data is missing`);
  });
}
