import { OutcomeLedger } from '../../../../client/batching/outcomeLedger';
import { recordReply } from '../../../../client/batching/recordReply';
import type { Failure } from '../../../../client/model/failures';
import { NO_COUNTS, type Verdict } from '../../../../client/model/outcome';
import type { Entry } from '../../../../client/response/batchResponse';
import type { Reply } from '../../../../client/sending/reply';
import { testRun } from '../testRun';

const VERDICT: Verdict = { isAI: true, confidence: 0.9, batchPosition: 0 };
const FINE: Entry = { kind: 'verdict', verdict: VERDICT };
const REFUSED: Entry = { kind: 'refused', serverMessage: 'cannot decode' };
const MISSING: Entry = { kind: 'unusable', reason: 'missing' };
const SHIFTED: Entry = { kind: 'unusable', reason: 'shifted' };

const OPEN: Failure = { kind: 'notSent' };

function answered(...entries: Entry[]): Reply {
	const usable = entries.filter(({ kind }) => kind !== 'unusable').length;
	return { kind: 'answered', entries, requestId: 'id-1', usable };
}

interface Scene {
	/** Default: three files of ten. */
	files?: readonly number[];
	isFollowUp?: boolean;
	isDoubtful?: boolean;
	/** The number of unusable responses before this one. */
	unusableBefore?: number;
	hasAnswered?: boolean;
	/** Why the run was stopped before. */
	stoppedBefore?: Failure;
}

/** What is left to do after a reply, the outcome of each file, and what the run knows then. */
function record(reply: Reply, scene: Scene = {}) {
	const { files = [4, 5, 6], isFollowUp = false, isDoubtful = false } = scene;
	const { run } = testRun();
	if (scene.hasAnswered) run.service.noteAnswer(0);
	for (let count = 0; count < (scene.unusableBefore ?? 0); count++) run.service.noteUnusable();
	if (scene.stoppedBefore) run.stop(scene.stoppedBefore);
	const { answered: before, signs } = run.service;
	const ledger = new OutcomeLedger(Array(10).fill({}));
	const left = recordReply(reply, { files, isFollowUp }, { run, ledger, isDoubtful });
	const { outcomes } = ledger.result(NO_COUNTS, OPEN);
	return {
		left,
		outcomes: files.map((file) => outcomes[file]?.failure ?? outcomes[file]?.verdict),
		others: outcomes.filter((_, file) => !files.includes(file)),
		answers: run.service.answered - before,
		signs: run.service.signs - signs,
		stoppedBy: run.stoppedBy,
	};
}

it.each<[string, Reply, boolean, { left?: object; outcomes: unknown[] }]>([
	['verdicts', answered(FINE, FINE, FINE), false, { outcomes: [VERDICT, VERDICT, VERDICT] }],
	[
		'a refused file',
		answered(FINE, REFUSED, FINE),
		false,
		{
			outcomes: [
				VERDICT,
				{ kind: 'fileRefused', serverMessage: 'cannot decode', requestId: 'id-1' },
				VERDICT,
			],
		},
	],
	[
		'missing files, which are sent again',
		answered(MISSING, FINE, SHIFTED),
		false,
		{ left: { again: [4, 6] }, outcomes: [OPEN, VERDICT, OPEN] },
	],
	[
		'files that are missing for the second time, and stay without a verdict',
		answered(FINE, MISSING, SHIFTED),
		true,
		{
			outcomes: [
				VERDICT,
				{ kind: 'noVerdict', reason: 'missing', others: true, requestId: 'id-1' },
				{ kind: 'noVerdict', reason: 'shifted', others: true, requestId: 'id-1' },
			],
		},
	],
	[
		'fewer entries than files',
		answered(FINE),
		true,
		{
			outcomes: [
				VERDICT,
				...Array<object>(2).fill({
					kind: 'noVerdict',
					reason: 'missing',
					others: true,
					requestId: 'id-1',
				}),
			],
		},
	],
])('a response with %s', (_, reply, isFollowUp, { left = {}, outcomes }) => {
	const recorded = record(reply, { isFollowUp });
	expect(recorded).toMatchObject({ left, outcomes, answers: 1, signs: 1, stoppedBy: undefined });
	expect(recorded.left).toEqual(left);
	expect(recorded.others).toEqual(Array(7).fill({ failure: OPEN }));
});

it('gives each file the verdict at its own position', () => {
	const confidences = [0.1, 0.2, 0.3];
	const entries = confidences.map((confidence, batchPosition): Entry => {
		return { kind: 'verdict', verdict: { isAI: false, confidence, batchPosition } };
	});
	const { outcomes } = record(answered(...entries), { files: [7, 2, 9] });
	expect(outcomes).toMatchObject(confidences.map((confidence) => ({ confidence })));
});

describe('a response without anything usable', () => {
	const gaps = answered(MISSING, SHIFTED, MISSING);
	const unreadable: Reply = { kind: 'unreadable', serverMessage: 'loading' };
	const noVerdict = { kind: 'noVerdict', reason: 'missing', others: false, requestId: 'id-1' };
	const badResponse = { kind: 'unreadableResponse', request: 'batch', serverMessage: 'loading' };

	it.each([
		['missing entries', gaps],
		['an unreadable response', unreadable],
	])('is requested once more: %s', (_, reply) => {
		const { left, outcomes, answers, stoppedBy } = record(reply);
		expect(left).toEqual({ again: [4, 5, 6] });
		expect(outcomes).toEqual([OPEN, OPEN, OPEN]);
		expect([answers, stoppedBy]).toEqual([0, undefined]);
	});

	it('is final the second time', () => {
		const twice = record(gaps, { isFollowUp: true });
		expect(twice.left).toEqual({});
		expect(twice.outcomes).toMatchObject([noVerdict, { reason: 'shifted' }, noVerdict]);
		const unread = record(unreadable, { isFollowUp: true });
		expect(unread.left).toEqual({});
		expect(unread.outcomes).toEqual(Array(3).fill(badResponse));
	});

	it.each([
		['gaps', gaps, noVerdict, OPEN],
		['the first reason is another one', answered(SHIFTED, MISSING), { reason: 'shifted' }, OPEN],
		['no entry at all', answered(), noVerdict, OPEN],
		['nothing that can be read', unreadable, badResponse, badResponse],
	])('ends a run at the third time if it never got a usable one: %s', (_, reply, failure, own) => {
		const { left, outcomes, stoppedBy } = record(reply, { unusableBefore: 2 });
		expect(left).toEqual({});
		expect(stoppedBy).toMatchObject({ ...failure, endedRun: true });
		expect(outcomes).toMatchObject([own, own, own]);
	});

	it('marks the files that end the run', () => {
		const { outcomes } = record(unreadable, { unusableBefore: 2, isFollowUp: true });
		expect(outcomes).toEqual(Array(3).fill({ ...badResponse, endedRun: true }));
	});

	it('keeps its own reason in a run that ended for another one', () => {
		const scene = { isFollowUp: true, stoppedBefore: { kind: 'forbidden' } as const };
		expect(record(unreadable, scene).outcomes).toEqual(Array(3).fill(badResponse));
	});

	it("doesn't end a run that has had a usable response", () => {
		for (const reply of [gaps, unreadable]) {
			const { left, stoppedBy } = record(reply, { unusableBefore: 9, hasAnswered: true });
			expect(left).toEqual({ again: [4, 5, 6] });
			expect(stoppedBy).toBeUndefined();
		}
	});
});

describe('a refusal', () => {
	const reply: Reply = {
		kind: 'refused',
		failure: { kind: 'refused', status: 400, serverMessage: 'no' },
	};
	const refused = { kind: 'fileRefused', status: 400, serverMessage: 'no' };

	it('of a single file becomes the outcome of that file', () => {
		const { left, outcomes, answers, signs } = record(reply, { files: [4] });
		expect(left).toEqual({});
		expect(outcomes).toEqual([refused]);
		expect([answers, signs]).toEqual([0, 1]);
	});

	it('of a single file may have another reason if nothing was accepted', () => {
		const { outcomes } = record(reply, { files: [4], isDoubtful: true });
		expect(outcomes).toEqual([{ ...refused, nothingAccepted: true }]);
	});

	it('of several files leaves them open', () => {
		const { left, outcomes, signs } = record(reply);
		expect([left, outcomes, signs]).toEqual([{}, [OPEN, OPEN, OPEN], 1]);
	});
});

it('that says too large splits a batch, and fails a single file', () => {
	const reply: Reply = { kind: 'tooLarge', failure: { kind: 'tooLarge', status: 413 } };
	expect(record(reply)).toMatchObject({ left: { smaller: true }, outcomes: [OPEN, OPEN, OPEN] });
	expect(record(reply, { files: [4, 5] }).left).toEqual({ smaller: true });
	const single = record(reply, { files: [4] });
	expect(single).toMatchObject({ left: {}, outcomes: [{ kind: 'fileTooLarge', status: 413 }] });
	expect(single.left).toEqual({});
});

it("fails a file that can't be read, and sends the others again", () => {
	const failure: Failure = { kind: 'fileChanged' };
	const { left, outcomes } = record({ kind: 'fileBroken', position: 1, failure });
	expect(left).toEqual({ rest: [4, 6] });
	expect(outcomes).toEqual([OPEN, failure, OPEN]);
});

it.each<Reply>([{ kind: 'unsent' }, { kind: 'failed', failure: { kind: 'forbidden' } }])(
	'records nothing for a request that was $kind',
	(reply) => {
		const { left, outcomes, signs } = record(reply);
		expect([left, outcomes, signs]).toEqual([{}, [OPEN, OPEN, OPEN], 0]);
	},
);
