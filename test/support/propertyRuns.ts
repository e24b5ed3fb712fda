/**
 * How many cases a property test tries, and where its random numbers start: as PROPERTY_RUNS and
 * PROPERTY_SEED say, or otherwise elsewhere each time. A failure prints its seed.
 */
export function propertyRuns(numRuns: number): { numRuns: number; seed: number } {
	const { PROPERTY_RUNS, PROPERTY_SEED } = process.env;
	return {
		numRuns: Number(PROPERTY_RUNS ?? numRuns),
		seed: Number(PROPERTY_SEED ?? Date.now() % 2 ** 31),
	};
}
