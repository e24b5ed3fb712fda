import { ConcurrencySearch } from '../../../../client/sending/concurrencySearch';
import { simulate, type ServerModel } from './serverModel';

/** 50 images per request, 43 ms per image, 300 Mbit/s. */
const SERVER = { workMs: 50 * 43, line: 300 };
const FIXED = [1, 2, 3, 4, 6, 8];

/** Requests with 50 thumbnails, 50 pictures of 100 KB, and 50 pictures of 500 KB. */
const LOADS = [0.5, 5, 25].flatMap((megabytes) =>
	[true, false].flatMap((isLineShared) =>
		[1, 2, 4].map((clients) => ({ megabytes, isLineShared, clients })),
	),
);

describe.each([1, 2, 4, 8])('a server with %i workers', (workers) => {
	it.each(LOADS)(
		'takes little longer than with the best number, and no longer than with 2: %j',
		({ clients, ...load }) => {
			const server: ServerModel = { ...SERVER, ...load, workers };
			const batches = 60 / Math.min(clients, 2);
			const found = simulate(server, { batches, clients });
			const [, withTwo = NaN] = FIXED.map(
				(fixed) => simulate(server, { batches, clients, fixed }).seconds,
			);
			const best = Math.min(
				...FIXED.map((fixed) => simulate(server, { batches, clients, fixed }).seconds),
			);
			expect(found.seconds / best).toBeLessThan(1.25);
			expect(found.seconds / withTwo).toBeLessThan(1.02);
			expect(found.maxUnderWay).toBeLessThanOrEqual(8);
		},
	);
});

describe.each([2, 3, 4, 6])(
	'a server that refuses more than %i requests at a time',
	(refusesBeyond) => {
		it.each([1, 2, 8])('refuses a handful, and is no slower than with 2: %i workers', (workers) => {
			const server = { ...SERVER, workers, megabytes: 5, isLineShared: true, refusesBeyond };
			const found = simulate(server, { batches: 60 });
			expect(found.refusals).toBeLessThanOrEqual(4);
			expect(found.seconds / simulate(server, { batches: 60, fixed: 2 }).seconds).toBeLessThan(
				1.02,
			);
		});
	},
);

it('a server that accepts only one request at a time refuses no more requests than with 2', () => {
	const server = { ...SERVER, workers: 1, megabytes: 5, isLineShared: true, refusesBeyond: 1 };
	const withTwo = simulate(server, { batches: 60, fixed: 2 });
	expect(simulate(server, { batches: 60 }).refusals).toBeLessThan(withTwo.refusals * 1.02);
});

it("a server that slows down with each request doesn't get more of them for long", () => {
	const server = { ...SERVER, workers: 2, megabytes: 5, isLineShared: true, thrashing: 0.5 };
	const withFour = simulate(server, { batches: 60, fixed: 4 });
	const withTwo = simulate(server, { batches: 60, fixed: 2 });
	const found = simulate(server, { batches: 60 });
	expect(withFour.seconds / withTwo.seconds).toBeGreaterThan(1.5);
	expect(found.seconds / withTwo.seconds).toBeLessThan(1.25);
});

it('a slow connection is shared by no more uploads than with 2', () => {
	const server = { ...SERVER, workers: 8, megabytes: 50, line: 10, isLineShared: true };
	expect(simulate(server, { batches: 20 }).maxUploads).toBe(2);
});

it("a server that is slow with single requests doesn't get more at a time", () => {
	const server = { workMs: 20_000, line: 300, workers: 1, megabytes: 5, isLineShared: true };
	expect(simulate(server, { batches: 20 }).maxUnderWay).toBe(2);
});

it("the user's number is used as it is", () => {
	const server = { ...SERVER, workers: 8, megabytes: 5, isLineShared: true };
	for (const fixed of [1, 3, 12]) {
		expect(simulate(server, { batches: 40, fixed }).maxUnderWay).toBe(fixed);
	}
});

describe('a failure that too many requests may cause', () => {
	let now = 0;
	const answer = (search: ConcurrencySearch, requests: number) => {
		for (let index = 0; index < requests; index++) {
			const sentAt = now;
			const uploadEnds = search.uploadStarts();
			uploadEnds();
			now += 10;
			search.answered(10, sentAt);
		}
	};
	/** A search that has reached four requests at a time. */
	const searchAtFour = () => {
		const search = new ConcurrencySearch(undefined, () => now);
		answer(search, 2);
		expect(search.limit).toBe(4);
		return search;
	};

	it('halves the number for the rest of the run', () => {
		const search = searchAtFour();
		expect(search.strained(now)).toBe(true);
		expect(search.limit).toBe(2);
		answer(search, 50);
		expect(search.limit).toBe(2);
	});

	it('halves it only once, however many of the requests sent together fail', () => {
		const search = searchAtFour();
		answer(search, 50);
		expect(search.limit).toBe(8);
		const sentAt = now - 5;
		expect([1, 2, 3].map(() => search.strained(sentAt))).toEqual([true, true, true]);
		expect(search.limit).toBe(4);
		now += 1;
		expect(search.strained(now)).toBe(true);
		expect(search.limit).toBe(2);
	});

	it('has another cause if there are two requests at a time', () => {
		const search = new ConcurrencySearch(undefined, () => now);
		expect(search.strained(now)).toBe(false);
		expect(search.limit).toBe(2);
		answer(search, 50);
		expect(search.limit).toBe(8);
	});
});
