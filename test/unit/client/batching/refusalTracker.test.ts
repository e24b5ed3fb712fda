import {
	MOST_EXTRA_REFUSALS,
	Suspicion,
	type Judgement,
} from '../../../../client/batching/refusalTracker';

const judge = (result: Judgement) => result;

/** @param isElsewhere whether the files lie far from those that were refused */
async function feed(suspicion: Suspicion, isElsewhere: boolean, ...judgements: Judgement[]) {
	return await feedFiles(suspicion, 1, isElsewhere, ...judgements);
}

async function feedFiles(
	suspicion: Suspicion,
	files: number,
	isElsewhere: boolean,
	...judgements: Judgement[]
) {
	let asked = 0;
	for (const judgement of judgements) {
		const request = async () => {
			asked++;
			return judgement;
		};
		await suspicion.guard(request, judge, files, isElsewhere);
	}
	return asked;
}

const refusals = (count: number) => Array<Judgement>(count).fill('refused');

it.each([true, false])('lets one refusal and twelve more happen, and then nothing', async (is) => {
	const suspicion = new Suspicion();
	expect(await feed(suspicion, is, ...refusals(100))).toBe(1 + MOST_EXTRA_REFUSALS);
	expect(suspicion.isCertain).toBe(true);
});

it('begins to count anew with an acceptance', async () => {
	const suspicion = new Suspicion();
	await feed(suspicion, true, ...refusals(12));
	await feedFiles(suspicion, 500, true, 'accepted');
	expect(suspicion.isRoused).toBe(false);
	expect(suspicion.isStrong).toBe(false);
	expect(await feed(suspicion, true, ...refusals(100))).toBe(1 + MOST_EXTRA_REFUSALS);
});

it('needs refusals from elsewhere, too, where something was accepted', async () => {
	const suspicion = new Suspicion();
	await feedFiles(suspicion, 50, false, 'accepted');
	expect(await feedFiles(suspicion, 2, false, ...refusals(100))).toBe(100);
	expect(suspicion.isRoused).toBe(false);
	expect(suspicion.isStrong).toBe(true);
	expect(await feed(suspicion, true, ...refusals(100))).toBe(5);
	expect(suspicion.isCertain).toBe(true);
});

it('gives up on the requests only where the files are less often broken', async () => {
	const suspicion = new Suspicion();
	for (let round = 0; round < 100; round++) {
		await feed(suspicion, true, 'refused', 'refused', 'refused', 'accepted', 'accepted');
	}
	// Of files of which three in five are broken, twenty in a row will be, now and then.
	expect(await feed(suspicion, true, ...refusals(20))).toBe(20);
	expect(suspicion.isCertain).toBe(false);
	await feed(suspicion, true, ...refusals(20));
	expect(suspicion.isCertain).toBe(true);
});

it('is not moved by what says nothing about the files', async () => {
	const suspicion = new Suspicion();
	expect(await feed(suspicion, true, ...Array<Judgement>(50).fill(undefined))).toBe(50);
	expect(suspicion.isRoused).toBe(false);
	await feed(suspicion, true, 'refused', undefined);
	expect(suspicion.isRoused).toBe(true);
});

it.each([1, 2, 6, 20])(
	'goes on alone once roused, with %i at a time before',
	async (concurrency) => {
		const suspicion = new Suspicion();
		let inFlight = 0;
		let most = 0;
		let asked = 0;
		const request = async (): Promise<Judgement> => {
			asked++;
			if (asked > concurrency) most = Math.max(most, inFlight + 1);
			inFlight++;
			await new Promise((resolve) => setTimeout(resolve, 1));
			inFlight--;
			return 'refused';
		};
		const worker = async () => {
			while ((await suspicion.guard(request, judge, 1, true)) !== undefined);
		};
		await Promise.all(Array.from({ length: concurrency }, worker));
		expect(asked).toBe(Math.max(1 + MOST_EXTRA_REFUSALS, concurrency));
		expect(most).toBeLessThanOrEqual(concurrency > 13 ? 0 : 1);
	},
);

it('lets all go on at once after an acceptance', async () => {
	const suspicion = new Suspicion();
	await feed(suspicion, true, 'refused', 'accepted');
	let inFlight = 0;
	let most = 0;
	const request = async (): Promise<Judgement> => {
		most = Math.max(most, ++inFlight);
		await new Promise((resolve) => setImmediate(resolve));
		inFlight--;
		return 'accepted';
	};
	await Promise.all(Array.from({ length: 5 }, () => suspicion.guard(request, judge, 1, true)));
	expect(most).toBe(5);
});

it('lets the next one go when a request throws', async () => {
	const suspicion = new Suspicion();
	await feed(suspicion, true, 'refused');
	const failing = suspicion.guard<Judgement>(
		async () => {
			await new Promise((resolve) => setImmediate(resolve));
			throw new Error('cancelled');
		},
		judge,
		1,
		true,
	);
	const next = suspicion.guard<Judgement>(async () => 'accepted', judge, 1, true);
	await expect(failing).rejects.toThrow('cancelled');
	expect(await next).toBe('accepted');
});

it.each([1, 2, 3, 50])('probes within %i files, far from the places before', async (count) => {
	const suspicion = new Suspicion();
	const places: number[] = [];
	for (let i = 0; i < 12; i++) {
		await feed(suspicion, true, 'refused');
		places.push(Math.floor(suspicion.nextPlace * count));
	}
	expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
	expect(Math.max(...places)).toBeLessThan(count);
	if (count === 50) {
		const sorted = [...places].sort((a, b) => a - b);
		const gaps = sorted.map((place, index) => place - (sorted[index - 1] ?? 0));
		expect(Math.max(...gaps, 49 - (sorted.at(-1) ?? 0))).toBeLessThan(10);
	}
});
