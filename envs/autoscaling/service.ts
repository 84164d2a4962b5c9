/**
 * The autoscaled service's constants.
 *
 * @module
 */

/** Size, speed and price of a service that is scaled by whole instances. */
export interface Service {
  /** Fewest instances that may run. */
  readonly minimumInstances: number;
  /** Most instances that may run. */
  readonly maximumInstances: number;
  /** Instances that run when an episode begins. */
  readonly initialInstances: number;
  /** Items that one instance serves in one step. */
  readonly capacityPerInstance: number;
  /** Length of a step, seconds. */
  readonly stepSeconds: number;
  /** Price of one instance for one hour, dollars. */
  readonly pricePerHour: number;
  /** Smallest load of the patterns that do not start at zero, items a step. */
  readonly minimumInflux: number;
  /** Largest load of the patterns, items a step. */
  readonly maximumInflux: number;
  /** The service has failed once more items than this wait. */
  readonly queueLimit: number;
}

/**
 * The service of the reference system (gym-scaling): 300 s a step, 87 items a
 * step and instance, so that the largest load keeps exactly 50 of the 100
 * instances busy.
 */
export const REFERENCE_SERVICE: Service = {
  minimumInstances: 2,
  maximumInstances: 100,
  initialInstances: 50,
  capacityPerInstance: 87,
  stepSeconds: 300,
  pricePerHour: 0.192,
  minimumInflux: 500,
  maximumInflux: 4350,
  queueLimit: 43_500,
};

/**
 * A service with some constants of one's own.
 *
 * @param changes Constants that differ from {@linkcode REFERENCE_SERVICE}.
 * Throws `RangeError` where they do not fit together.
 */
export function service(changes: Partial<Service> = {}): Service {
  const made = { ...REFERENCE_SERVICE, ...changes };
  const { minimumInstances, maximumInstances, initialInstances } = made;
  const sizes = [minimumInstances, initialInstances, maximumInstances];
  if (
    !sizes.every(Number.isInteger) || minimumInstances < 1 ||
    initialInstances < minimumInstances || maximumInstances < initialInstances
  ) {
    throw new RangeError(
      `Cannot scale from ${minimumInstances} over ${initialInstances} to ${maximumInstances} instances: expected whole numbers in growing order, from 1`,
    );
  }
  for (
    const name of ["capacityPerInstance", "stepSeconds", "queueLimit"] as const
  ) {
    if (!(made[name] > 0)) {
      throw new RangeError(
        `Cannot make a service with ${name} ${
          made[name]
        }: expected a number above 0`,
      );
    }
  }
  if (!(made.pricePerHour >= 0 && made.pricePerHour < Infinity)) {
    throw new RangeError(
      `Cannot make a service with pricePerHour ${made.pricePerHour}: expected a finite number from 0`,
    );
  }
  const { minimumInflux, maximumInflux } = made;
  if (
    ![minimumInflux, maximumInflux].every(Number.isSafeInteger) ||
    minimumInflux < 0 || maximumInflux <= minimumInflux
  ) {
    throw new RangeError(
      `Cannot make a service with loads from ${minimumInflux} to ${maximumInflux} items a step: expected whole numbers from 0 in growing order`,
    );
  }
  return made;
}
