import { Bisection, halves, type PartResult } from '../../../../client/batching/bisection';
import type { Batch } from '../../../../client/batching/fileQueue';
import { RefusalTracker } from '../../../../client/batching/refusalTracker';

const range = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => from + index);

interface Scene {
	/** Files in the batch that was refused as a whole. */
	count: number;
	broken: readonly number[];
	/** Whether something was accepted before. */
	wasAccepted?: boolean;
	/** Broken files that were refused alone before. */
	refusedBefore?: number;
	/** Single files that wait elsewhere in the run. */
	elsewhere?: readonly number[];
	/** The number of requests after which the run is stopped. */
	stopAfter?: number;
}

/** Bisects a batch with a server that refuses all requests with a broken file, and reports what was sent. */
async function bisect(scene: Scene): Promise<(readonly number[])[]> {
	const { count, broken, wasAccepted, refusedBefore = 0, stopAfter = Infinity } = scene;
	const elsewhere = [...(scene.elsewhere ?? [])];
	const tracker = new RefusalTracker();
	if (wasAccepted) tracker.noteAccepted(1);
	for (let index = 0; index < refusedBefore; index++) tracker.noteRefused(1);
	tracker.noteRefused(count);
	const sent: (readonly number[])[] = [];
	const send = async ({ files, isFollowUp }: Batch): Promise<PartResult> => {
		expect(isFollowUp).toBe(true);
		sent.push(files);
		if (!files.some((file) => broken.includes(file))) {
			tracker.noteAccepted(files.length);
			return 'accepted';
		}
		tracker.noteRefused(files.length);
		return 'refused';
	};
	const another = () => {
		const file = elsewhere.shift();
		return file === undefined ? undefined : { files: [file], isFollowUp: true };
	};
	const isStopped = () => sent.length >= stopAfter;
	const bisection = new Bisection({ send, another, isStopped }, tracker);
	await bisection.split({ files: range(0, count), isFollowUp: true });
	return sent;
}

it.each<[string, Scene, number[][]]>([
	[
		"doesn't send a half that must contain the broken file",
		{ count: 8, broken: [5], wasAccepted: true },
		[[0, 1, 2, 3], [4, 5], [4], [5], [6, 7]],
	],
	[
		'sends the second half if the first one was refused',
		{ count: 4, broken: [0], wasAccepted: true },
		[[0, 1], [0], [1], [2, 3]],
	],
	[
		'bisects both halves if both contain broken files',
		{ count: 4, broken: [1, 2], wasAccepted: true },
		[[0, 1], [0], [1], [2, 3], [2], [3]],
	],
	[
		'sends both halves before it bisects one if nothing was accepted before',
		{ count: 4, broken: [1] },
		[[0, 1], [2, 3], [0], [1]],
	],
	[
		'looks for a file that is accepted if both halves are refused',
		{ count: 6, broken: [0, 5], elsewhere: [] },
		[[0, 1, 2], [3, 4, 5], [5], [2], [0, 1, 3, 4], [0, 1], [0], [1], [3, 4]],
	],
	[
		"doesn't send a single refused file again",
		{ count: 3, broken: [0, 1, 2] },
		[[0, 1], [2], [1], [0]],
	],
	[
		'sends each file alone while most are refused',
		{ count: 4, broken: [0, 1, 2, 3], wasAccepted: true, refusedBefore: 5 },
		[[0], [1], [2], [3]],
	],
	[
		'sends the rest together when that has ended',
		{ count: 6, broken: [0], wasAccepted: true, refusedBefore: 5 },
		[[0], [1], [2], [3, 4, 5]],
	],
	['sends nothing for a single file, because its fault is known', { count: 1, broken: [0] }, []],
	['sends nothing in a stopped run', { count: 4, broken: [1], stopAfter: 0 }, []],
	[
		'stops between two files that are sent alone',
		{ count: 4, broken: [0, 1, 2, 3], wasAccepted: true, refusedBefore: 5, stopAfter: 2 },
		[[0], [1]],
	],
])('%s', async (_, scene, sent) => {
	expect(await bisect(scene)).toEqual(sent);
});

describe('if nothing is accepted, and three were refused in a row', () => {
	it('tries single files from elsewhere until one is accepted', async () => {
		const elsewhere = [90, 91, 92, 93];
		const sent = await bisect({ count: 4, broken: [0, 1, 2, 3, 90, 91], elsewhere });
		// Three refusals first: the whole, and both halves.
		expect(sent.slice(0, 5)).toEqual([[0, 1], [2, 3], [90], [91], [92]]);
		expect(sent.slice(5)).toEqual([[0, 1], [0], [1], [2, 3], [2], [3]]);
	});

	it('tries single files of the batch, far apart, if there are none elsewhere', async () => {
		const sent = await bisect({ count: 8, broken: range(0, 8), refusedBefore: 2 });
		const order = sent.map(([file]) => file);
		expect(sent.every(({ length }) => length === 1)).toBe(true);
		expect(order).toEqual([6, 3, 0, 5, 2, 7, 4, 1]);
	});

	it('sends all others together when one of them is accepted', async () => {
		const sent = await bisect({ count: 8, broken: [1, 6], refusedBefore: 2 });
		expect(sent.slice(0, 3)).toEqual([[6], [3], [0, 1, 2, 4, 5, 7]]);
	});
});

const SUBSETS_OF_6 = range(1, 2 ** 6).map((bits) =>
	range(0, 6).filter((file) => bits & (1 << file)),
);

it.each([
	['something was accepted before', { wasAccepted: true }],
	['most were refused before', { wasAccepted: true, refusedBefore: 5 }],
	['nothing was accepted before', {}],
	['three were refused before', { refusedBefore: 3 }],
	['three were refused before, and others wait', { refusedBefore: 3, elsewhere: [90, 91] }],
])('settles each file once, whichever are broken, if %s', async (_, scene) => {
	for (const broken of SUBSETS_OF_6) {
		const sent = await bisect({ count: 6, broken, ...scene });
		const isFinal = (files: readonly number[]) =>
			files.length === 1 || !files.some((file) => broken.includes(file));
		const settled = sent.filter(isFinal).flat();
		expect([broken, settled.filter((file) => file < 6).toSorted()]).toEqual([broken, range(0, 6)]);
	}
});

it('finds one broken file of 64 with two requests for each halving', async () => {
	for (const file of range(0, 64)) {
		const sent = await bisect({ count: 64, broken: [file], wasAccepted: true });
		expect(sent.length).toBeLessThanOrEqual(2 * Math.log2(64));
	}
});

it('splits a batch into halves, the larger one first', () => {
	expect(halves({ files: [1, 2, 3, 4, 5], isFollowUp: true })).toEqual([
		{ files: [1, 2, 3], isFollowUp: true },
		{ files: [4, 5], isFollowUp: true },
	]);
});
