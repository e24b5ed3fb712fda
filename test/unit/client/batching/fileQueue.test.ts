import { FileQueue, type Batch } from '../../../../client/batching/fileQueue';

const EMPTY_BYTES = 50;

function waitingFiles(sizes: readonly number[], maxFiles: number, maxBytes = Infinity) {
	const files = sizes.map((_, index) => index);
	const partBytes = (file: number) => sizes[file] as number;
	const waiting = new FileQueue({ maxFiles, maxBytes }, partBytes, EMPTY_BYTES);
	waiting.putBack({ files, isFollowUp: false });
	return waiting;
}

function rest(waiting: FileQueue): (readonly number[])[] {
	const groups: (readonly number[])[] = [];
	for (let group = waiting.next(); group; group = waiting.next()) groups.push(group.files);
	return groups;
}

const range = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => from + index);

it.each([
	[0, 50, []],
	[1, 50, [1]],
	[50, 50, [50]],
	[51, 50, [50, 1]],
	[100, 50, [50, 50]],
	[5, 1, [1, 1, 1, 1, 1]],
])('splits %i files into batches of at most %i', (count, maxFiles, lengths) => {
	const groups = rest(waitingFiles(Array(count).fill(10), maxFiles));
	expect(groups.map(({ length }) => length)).toEqual(lengths);
	expect(groups.flat()).toEqual(range(0, count));
});

it('keeps a body within its limit, including the framing', () => {
	const groups = rest(waitingFiles([100, 100, 100, 101, 99, 100], 50, EMPTY_BYTES + 200));
	expect(groups).toEqual([[0, 1], [2], [3, 4], [5]]);
});

it('sends a file alone that is larger than the limit', () => {
	const groups = rest(waitingFiles([10, 5_000, 10, 10], 50, EMPTY_BYTES + 100));
	expect(groups).toEqual([[0], [1], [2, 3]]);
});

it('returns files that were put back first, in order, still marked as follow-ups', () => {
	const waiting = waitingFiles(Array(10).fill(10), 4);
	const first = waiting.next() as Batch;
	waiting.putBack({ files: first.files.slice(1), isFollowUp: true });
	waiting.putBack({ files: [], isFollowUp: true });
	expect(waiting.next()).toEqual({ files: [1, 2, 3], isFollowUp: true });
	expect(waiting.next()).toEqual({ files: [4, 5, 6, 7], isFollowUp: false });
});

it("doesn't mix follow-ups with other files", () => {
	const waiting = waitingFiles(Array(4).fill(10), 2);
	const first = waiting.next() as Batch;
	waiting.putBack({ files: first.files.slice(1), isFollowUp: true });
	expect(rest(waiting)).toEqual([[1], [2, 3]]);
});

describe('after a 413', () => {
	it('limits later batches to half of what was refused', () => {
		const waiting = waitingFiles(Array(100).fill(10), 50);
		const first = waiting.next() as Batch;
		waiting.learnTooLarge(first.files);
		waiting.putBack(first);
		const half = (EMPTY_BYTES + 500) / 2;
		for (const files of rest(waiting)) {
			expect(EMPTY_BYTES + files.length * 10).toBeLessThanOrEqual(half);
		}
	});

	it('needs few steps to any limit, and remembers it', () => {
		const waiting = waitingFiles(Array(1_000).fill(10), 50);
		const limit = EMPTY_BYTES + 30;
		let refused = 0;
		for (let group = waiting.next(); group; group = waiting.next()) {
			if (EMPTY_BYTES + group.files.length * 10 <= limit) continue;
			refused++;
			waiting.learnTooLarge(group.files);
			waiting.putBack(group);
		}
		expect(refused).toBeLessThanOrEqual(4);
	});

	it('also learns from a single file, and never grows', () => {
		const waiting = waitingFiles([500, ...(Array(20).fill(100) as number[])], 50);
		waiting.learnTooLarge([0]);
		expect(rest(waiting).map(({ length }) => length)).toEqual([1, 4, 4, 4, 4, 4]);
		waiting.learnTooLarge([0, 1]);
		waiting.putBack({ files: range(1, 7), isFollowUp: false });
		expect(rest(waiting)).toEqual([
			[1, 2],
			[3, 4],
			[5, 6],
		]);
	});

	it("doesn't raise the limit when a larger batch is refused later", () => {
		const waiting = waitingFiles(Array(8).fill(100), 50);
		waiting.learnTooLarge([0, 1, 2, 3]);
		waiting.learnTooLarge([0, 1, 2, 3, 4, 5, 6, 7]);
		expect(rest(waiting).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
	});

	it('still returns single files if the limit is below all of them', () => {
		const waiting = waitingFiles([10, 20, 30], 50);
		waiting.learnTooLarge([0]);
		expect(rest(waiting)).toEqual([[0], [1], [2]]);
	});
});

it('estimates how many batches are left', () => {
	const waiting = waitingFiles(Array(9).fill(10), 4);
	expect(waiting.batchesLeft).toBe(3);
	waiting.next();
	expect(waiting.batchesLeft).toBe(2);
	waiting.putBack({ files: [0], isFollowUp: true });
	expect(waiting.batchesLeft).toBe(3);
	rest(waiting);
	expect(waiting.batchesLeft).toBe(0);
});

/** How often the sizes of files are read until all files have been taken. */
function countLookUps(count: number, putBackEach: boolean): number {
	let lookUps = 0;
	const partBytes = () => {
		lookUps++;
		return 10;
	};
	const waiting = new FileQueue({ maxFiles: 50, maxBytes: 1_000_000 }, partBytes, EMPTY_BYTES);
	waiting.putBack({ files: range(0, count), isFollowUp: false });
	let taken = 0;
	for (let group = waiting.next(); group; group = waiting.next()) {
		taken += group.files.length;
		if (putBackEach && !group.isFollowUp) {
			taken -= group.files.length;
			waiting.putBack({ ...group, isFollowUp: true });
		}
	}
	expect(taken).toBe(count);
	return lookUps;
}

it('reads the size of each of 100,000 files once, and once more if it was put back', () => {
	expect(countLookUps(100_000, false)).toBe(100_000);
	expect(countLookUps(100_000, true)).toBe(200_000);
});

it.each([0, 0.5, 0.999])('takes one file from further back (%d), and loses none', (place) => {
	const waiting = waitingFiles(Array(10).fill(10), 4);
	waiting.next();
	const one = waiting.takeOne(place);
	expect(one).toEqual({ files: [4 + Math.floor(place * 6)], isFollowUp: false });
	const left = rest(waiting);
	expect([...left.flat(), ...(one?.files ?? [])].sort((a, b) => a - b)).toEqual(range(4, 10));
	expect(waiting.takeOne(place)).toBeUndefined();
});

it('takes one by one until nothing is left', () => {
	const waiting = waitingFiles(Array(5).fill(10), 4);
	const taken = range(0, 5).map(() => waiting.takeOne(0.6)?.files[0]);
	expect(taken.sort()).toEqual(range(0, 5));
	expect(waiting.next()).toBeUndefined();
});
