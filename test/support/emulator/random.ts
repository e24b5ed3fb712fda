/** Returns numbers from 0 to 1, like `Math.random`. */
export type Random = () => number;

/** mulberry32. `Math.random` takes no seed, and a failing test must be repeatable. */
export function seededRandom(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** Fisher-Yates, on a copy. */
export function shuffle<T>(values: readonly T[], random: Random): T[] {
	const shuffled = [...values];
	for (let last = shuffled.length - 1; last > 0; last--) {
		const other = Math.floor(random() * (last + 1));
		[shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
	}
	return shuffled;
}
