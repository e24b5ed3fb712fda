import type { INode } from 'n8n-workflow';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Workflow } from '../support/host/workflow';

const EXAMPLES = resolve(__dirname, '../../examples');
const OUR_NODES = ['n8n-nodes-bitmind.batchImageDetect', 'n8n-nodes-bitmind.batchVideoDetect'];
/** Where a path may end: something is written, sent or shown, or there is a reason why not. */
const ENDS: Readonly<Record<string, (node: INode) => boolean>> = {
	dataTable: () => true,
	emailSend: () => true,
	respondToWebhook: () => true,
	stopAndError: () => true,
	readWriteFile: ({ parameters }) => parameters.operation === 'write',
	form: ({ parameters }) => parameters.operation === 'completion',
	noOp: ({ notes, notesInFlow }) => Boolean(notes && notesInFlow),
};
const STARTS = /Trigger$|\.(webhook|emailReadImap)$/;

const files = readdirSync(EXAMPLES).filter((name) => name.endsWith('.json'));
const read = (file: string) => JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as Workflow;

describe.each(files)('%s', (file) => {
	const { name, nodes, connections } = read(file);
	const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
	const working = nodes.filter((node) => !notes.includes(node));
	const outputsOf = (node: INode) => connections[node.name]?.main ?? [];

	test("is a template with a name and without anyone's data", () => {
		expect(name).toMatch(/^BitMind: /);
		const text = readFileSync(join(EXAMPLES, file), 'utf8');
		expect(text).not.toMatch(
			/"credentials"|instanceId|pinData|127\.0\.0\.1|localhost|\/root|\/home/,
		);
		const names = nodes.map((node) => node.name);
		expect(new Set(names).size).toBe(names.length);
		const ids = nodes.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	test('a note on the left says what it does and what to change', () => {
		const about = notes.find((note) => note.name === 'About This Workflow');
		const text = String(about?.parameters.content);
		expect(text).toMatch(/^## .+\n/);
		expect(text).toContain('**Before the first run**');
		expect(text).toContain('choose your BitMind credential');
		const right = Number(about?.position[0]) + Number(about?.parameters.width);
		for (const { position } of working) expect(position[0]).toBeGreaterThan(right);
		// Nodes that a note mentions exist.
		for (const note of notes) {
			const spoken = String(note.parameters.content).matchAll(/Open ((?:_[^_]+_(?: and )?)+)/g);
			const named = [...spoken].flatMap(([, some = '']) => some.match(/[^_]{4,}(?=_)/g) ?? []);
			const known = nodes.map((node) => node.name);
			for (const each of named.filter((each) => each !== ' and ')) expect(known).toContain(each);
		}
	});

	test('each node can be reached, and each path ends with a result', () => {
		const targets = new Set(
			Object.values(connections).flatMap(({ main }) =>
				(main ?? []).flatMap((output) => (output ?? []).map(({ node }) => node)),
			),
		);
		for (const node of working) {
			if (!STARTS.test(node.type)) expect(targets).toContain(node.name);
			const connected = outputsOf(node).filter((output) => (output ?? []).length > 0).length;
			const routes = node.parameters.routeByVerdict ? 3 : 1;
			const isIf = node.type.endsWith('.if');
			const expected = (isIf ? 2 : routes) + (node.onError === 'continueErrorOutput' ? 1 : 0);
			if (connected > 0) {
				const isLoop = node.type.endsWith('.splitInBatches');
				expect([node.name, connected]).toEqual([node.name, isLoop ? 2 : expected]);
			} else if (!OUR_NODES.includes(node.type)) {
				const end = ENDS[node.type.replace('n8n-nodes-base.', '')];
				expect([node.name, end?.(node)]).toEqual([node.name, true]);
			} else {
				// The verdict itself, in the simplest one.
				expect(file).toBe('check-a-folder.json');
			}
		}
	});
});

test('examples/README.md lists the examples of the folder', () => {
	const text = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
	const named = [...text.matchAll(/`([\w-]+\.json)`/g)].map(([, file]) => file);
	expect([...new Set(named)].sort()).toEqual([...files].sort());
});

test("no data table's name is part of another's, because n8n finds tables by a part of their name", () => {
	const names = files.flatMap((file) =>
		read(file).nodes.flatMap(({ parameters }) => parameters.tableName ?? []),
	);
	const distinct = [...new Set(names.map(String))];
	for (const one of distinct) {
		expect(distinct.filter((other) => other.includes(one))).toEqual([one]);
	}
});
