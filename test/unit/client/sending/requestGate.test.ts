import { RequestGate } from '../../../../client/sending/requestGate';

/** Requests that end on command, and the number in flight when each began. */
function requests(gate: RequestGate) {
	const underWay = new Set<string>();
	const begun: Record<string, string[]> = {};
	const ends: Record<string, () => void> = {};
	const start = (name: string, alone: boolean) =>
		gate.pass(alone, async () => {
			begun[name] = [...underWay];
			underWay.add(name);
			await new Promise<void>((resolve) => (ends[name] = resolve));
			underWay.delete(name);
		});
	return { begun, ends, start };
}

const settle = async () => await new Promise((resolve) => setImmediate(resolve));

it('runs requests in parallel', async () => {
	const { begun, start } = requests(new RequestGate());
	void start('a', false);
	void start('b', false);
	await settle();
	expect(begun).toEqual({ a: [], b: ['a'] });
});

it('runs one alone: it waits for the others, and others wait for it', async () => {
	const { begun, ends, start } = requests(new RequestGate());
	void start('a', false);
	void start('alone', true);
	void start('b', false);
	void start('c', false);
	await settle();
	expect(Object.keys(begun)).toEqual(['a']);
	ends.a?.();
	await settle();
	expect(Object.keys(begun)).toEqual(['a', 'alone']);
	ends.alone?.();
	await settle();
	expect(begun).toEqual({ a: [], alone: [], b: [], c: ['b'] });
});

it('continues after a failed request', async () => {
	const gate = new RequestGate();
	const failed = gate.pass(true, async () => {
		throw new Error('failed');
	});
	const next = gate.pass(true, async () => 'done');
	await expect(failed).rejects.toThrow('failed');
	await expect(next).resolves.toBe('done');
});

it('admits no more than may start, and the next one as soon as it may', async () => {
	let most = 2;
	const gate = new RequestGate((underWay) => underWay < most);
	const { begun, ends, start } = requests(gate);
	for (const name of ['a', 'b', 'c', 'd', 'e']) void start(name, false);
	await settle();
	expect(Object.keys(begun)).toEqual(['a', 'b']);
	ends.a?.();
	await settle();
	expect(Object.keys(begun)).toEqual(['a', 'b', 'c']);
	most = 3;
	gate.admit();
	await settle();
	expect(Object.keys(begun)).toEqual(['a', 'b', 'c', 'd']);
	most = 1;
	for (const name of ['b', 'c']) ends[name]?.();
	await settle();
	expect(begun.e).toBeUndefined();
	ends.d?.();
	await settle();
	expect(begun.e).toEqual([]);
});
