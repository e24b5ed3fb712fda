/**
 * How many cases a property test tries, and the seed of its random numbers. PROPERTY_RUNS and
 * PROPERTY_SEED set them; otherwise each run has another seed. A failure prints its seed.
 */
export function propertyRuns(numRuns: number): { numRuns: number; seed: number } {
	const { PROPERTY_RUNS, PROPERTY_SEED } = process.env;
	return {
		numRuns: Number(PROPERTY_RUNS ?? numRuns),
		seed: Number(PROPERTY_SEED ?? Date.now() % 2 ** 31),
	};
}
