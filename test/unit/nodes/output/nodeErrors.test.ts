import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { IMAGES } from '../../../../client/model/mediaKind';
import type { Outcome } from '../../../../client/model/outcome';
import type { ItemPlan } from '../../../../nodes/shared/input/itemPlans';
import { continueAdvice } from '../../../../nodes/shared/messages/message';
import { stopAtFailure, stopAtProblem } from '../../../../nodes/shared/output/nodeErrors';
import { outputItems } from '../../../../nodes/shared/output/outputItems';
import type { Execution } from '../../../../nodes/shared/settings/execution';
import type { InputProblem } from '../../../../nodes/shared/settings/inputProblem';
import { DEFAULT_ITEM_SETTINGS } from '../../../../nodes/shared/settings/itemSettings';
import { node } from '../../../support/engine/workflows';

const NODE = node('n8n-nodes-bitmind.batchImageDetect', 'Batch Image Detect');

const executionOf = (more: Partial<Execution> = {}) =>
	({
		node: NODE,
		media: IMAGES,
		items: [],
		continues: false,
		isForAgent: false,
		...more,
	}) as unknown as Execution;

/** Plans of items with this number of files, and with problems. */
const plansOf = (...items: (number | InputProblem)[]) =>
	items.map((item): ItemPlan => {
		const count = typeof item === 'number' ? item : 0;
		const file = { field: 'data', fileName: 'a.jpg', source: {} as never };
		return {
			settings: DEFAULT_ITEM_SETTINGS,
			files: Array<typeof file>(count).fill(file),
			refused: [],
			skipped: [],
			held: new Map(),
			...(typeof item !== 'number' && { problem: item }),
		};
	});

const VERDICT: Outcome = { verdict: { isAI: true, confidence: 0.9, batchPosition: 0 } };
const REFUSED: Outcome = {
	failure: { kind: 'fileRefused', status: 400, serverMessage: 'cannot decode' },
};
const UNREACHABLE: Outcome = {
	failure: { kind: 'unreachable', host: 'api.example', code: 'ECONNREFUSED' },
};
const ADVICE = continueAdvice(IMAGES);
const EMPTY: InputProblem = { kind: 'empty', field: 'data', fileName: 'a.jpg' };
const NO_FILE: InputProblem = { kind: 'noFile', available: [] };

function thrown(stop: () => void): NodeApiError | NodeOperationError | undefined {
	try {
		stop();
		return undefined;
	} catch (error) {
		return error as NodeApiError;
	}
}

describe('before anything is sent', () => {
	it('the first item with a problem ends the run', () => {
		const error = thrown(() => stopAtProblem(executionOf(), plansOf(1, EMPTY, NO_FILE)));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error?.message).toMatch(/empty.* \[item 1\]$/);
		expect(error?.description).toMatch(/\w/);
		expect(error?.context).toMatchObject({ itemIndex: 1 });
		expect(error?.messages).toEqual([]);
	});

	it('the error names the setting with which other items would continue, if there are any', () => {
		const description = (...items: (number | InputProblem)[]) =>
			thrown(() => stopAtProblem(executionOf(), plansOf(...items)))?.description;
		expect(description(EMPTY, 1)).toContain(ADVICE);
		expect(description(EMPTY, NO_FILE)).not.toContain(ADVICE);
	});

	it('nothing ends a run without problems, or one that continues', () => {
		expect(thrown(() => stopAtProblem(executionOf(), plansOf(1, 2)))).toBeUndefined();
		const goingOn = executionOf({ continues: true });
		expect(thrown(() => stopAtProblem(goingOn, plansOf(EMPTY)))).toBeUndefined();
	});
});

describe('after requests', () => {
	const stop = (
		outcomes: Outcome[],
		stoppedAt: number | undefined,
		more: Partial<Execution> = {},
	) => thrown(() => stopAtFailure(executionOf(more), plansOf(2, 0, 3), { outcomes, stoppedAt }));

	it('the error names the item of the file that ended the run', () => {
		const error = stop([VERDICT, REFUSED, VERDICT, REFUSED, UNREACHABLE], 3);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error?.message).toMatch(/cannot decode/);
		expect(error?.message).toMatch(/\(2 of 5 files had verdicts\) \[item 2\]$/);
		expect(error?.context).toMatchObject({ itemIndex: 2 });
		expect(error).toMatchObject({ httpCode: '400' });
		expect(error?.description).toMatch(/\w/);
		expect(error?.messages).toEqual([]);
	});

	it('or that of the first file that failed', () => {
		const error = stop([VERDICT, UNREACHABLE, REFUSED, VERDICT, VERDICT], undefined);
		expect(error?.message).toMatch(/\(3 of 5 files had verdicts\) \[item 0\]$/);
		// n8n would replace a message with a network code by its own.
		expect(error?.message).toMatch(/api\.example/);
		expect((error as NodeApiError).httpCode).toBeFalsy();
	});

	it.each<[string, Outcome['failure'], boolean]>([
		['fileRefused', { kind: 'fileRefused', serverMessage: 'no' }, true],
		['fileTooLarge', { kind: 'fileTooLarge' }, true],
		['fileChanged', { kind: 'fileChanged' }, true],
		['fileUnreadable', { kind: 'fileUnreadable' }, true],
		['noVerdict', { kind: 'noVerdict', reason: 'missing', others: true }, true],
		['unreachable', UNREACHABLE.failure, false],
		['forbidden', { kind: 'forbidden', status: 403 }, false],
	])(
		'the error names the file, and the way to continue, if the file is the cause: %s',
		(_, failure, isToBlame) => {
			const outcomes = [{ failure } as Outcome];
			const stopped = (...items: number[]) =>
				thrown(() => stopAtFailure(executionOf(), plansOf(...items), { outcomes, stoppedAt: 0 }));
			const error = stopped(1, 0);
			expect(error?.message.includes('a.jpg')).toBe(isToBlame);
			expect(error?.description?.includes(ADVICE)).toBe(isToBlame);
			// No other item could continue.
			expect(stopped(1)?.description).not.toContain(ADVICE);
		},
	);

	it('nothing ends a run in which every file has its verdict, or one that continues', () => {
		expect(stop(Array<Outcome>(5).fill(VERDICT), undefined)).toBeUndefined();
		expect(stop(Array<Outcome>(5).fill(REFUSED), 0, { continues: true })).toBeUndefined();
	});
});

describe('an item that fails', () => {
	function failItem(more: Partial<Execution>, problem: InputProblem) {
		const execution = executionOf({ items: [{ json: {} }], continues: true, ...more });
		return outputItems(execution, plansOf(problem), [])[0]?.error;
	}

	it('gives an AI agent everything in one text', () => {
		const forAgent = failItem({ isForAgent: true }, NO_FILE);
		expect(forAgent?.message).toMatch(/AI Agent passes only text to its tools.* \[item 0\]$/);
		expect(failItem({}, NO_FILE)?.message).not.toMatch(/Agent/);
	});

	it('fails for its first failure', () => {
		const execution = executionOf({ items: [{ json: {} }], continues: true });
		const [item] = outputItems(execution, plansOf(3), [VERDICT, UNREACHABLE, REFUSED]);
		expect(item?.error).toBeInstanceOf(NodeApiError);
		expect(item?.error?.message).toMatch(/api\.example.* \[item 0\]$/);
		expect(item?.item.json.bitMind).toMatchObject({ errorCode: 'unreachable' });
	});
});
