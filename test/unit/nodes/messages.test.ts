import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialTestFunctions, IExecuteFunctions } from 'n8n-workflow';
import type { DetectResult, Outcome } from '../../../client/detect';
import { NOTHING_ACCEPTED, type Failure, type FailureKind } from '../../../client/model/failures';
import { IMAGES, VIDEOS, type MediaKind } from '../../../client/model/mediaKind';
import { testCredential } from '../../../nodes/shared/credential/credentialTest';
import { CREDENTIAL_WORDS, NOT_PRIVATE } from '../../../nodes/shared/messages/credentialMessages';
import { failureWords } from '../../../nodes/shared/messages/failureMessages';
import { addHint } from '../../../nodes/shared/output/runHints';
import type { ItemPlan } from '../../../nodes/shared/input/itemPlans';
import type { InputProblem } from '../../../nodes/shared/settings/inputProblem';
import { inputWords } from '../../../nodes/shared/messages/inputMessages';
import { makeCertificates, startEmulator, type EmulatorOptions } from '../../support/emulator';

/** The first column of the README's tables between the two marks. */
function listed(): string[] {
	const readme = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
	const [, part = ''] = /<!-- messages:.*?-->([^]*?)<!-- \/messages -->/.exec(readme) ?? [];
	return part
		.split('\n')
		.filter((line) => line.startsWith('| ') && !/^\| (Message|Hint|-+) /.test(line))
		.map((line) => (line.split(' | ')[0] as string).slice('| '.length).trim());
}

function patternOf(text: string): RegExp {
	const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`^${escaped.replaceAll('…', '.*')}$`, 's');
}

/** Every kind of failure, in every wording that it has. TypeScript asks for each kind. */
const FAILURES: Record<FailureKind, Array<Omit<Failure, 'kind'>>> = {
	fileRefused: [
		{ serverMessage: 'cannot decode' },
		{ status: 400 },
		{ status: 400, detail: NOTHING_ACCEPTED },
	],
	everythingRefused: [{ serverMessage: 'no' }],
	fileTooLarge: [{ status: 413 }],
	fileChanged: [{}],
	fileUnreadable: [{}],
	noVerdict: [{ detail: 'missing' }, { detail: 'contradictory' }],
	unreadableAnswer: [
		{ detail: 'notJson' },
		{ detail: 'notBatch', serverMessage: 'quota' },
		{ detail: 'token' },
	],
	unauthorized: [{}, { serverMessage: 'expired' }],
	tokenRefused: [{}, { serverMessage: 'invalid_client' }],
	forbidden: [{}, { serverMessage: 'no permission' }],
	wrongAddress: [{ status: 404 }, { detail: 'ERR_SSL_WRONG_VERSION_NUMBER' }],
	rejected: [{ status: 418 }, { status: 418, serverMessage: 'teapot' }],
	rateLimited: [{ status: 429 }, { retryAt: 1e12, serverMessage: 'slow down' }],
	unavailable: [{ status: 503 }, { status: 503, retryAt: 1e12 }],
	unreachable: [
		{ detail: 'a.example (ENOTFOUND)' },
		{ detail: 'a.example (ECONNREFUSED)' },
		{ detail: 'a.example (ETIMEDOUT)' },
	],
	connectionLost: [{ detail: 'ECONNRESET' }],
	timeout: [{ detail: 'answer' }, { detail: 'upload' }],
	tls: [{ detail: 'CERT_HAS_EXPIRED' }],
	proxy: [{ status: 407 }, { detail: 'address' }],
	credential: Object.keys(CREDENTIAL_WORDS).map((detail) => ({ detail })),
	notSent: [{}],
};

type Unnamed<T> = T extends unknown ? Omit<T, 'kind'> : never;
const file = { field: 'data', fileName: 'a.gif' };
const PROBLEMS: {
	[Kind in InputProblem['kind']]: Array<Unnamed<Extract<InputProblem, { kind: Kind }>>>;
} = {
	badParameter: [{ label: 'Batch Size', rule: 'a whole number from 1 to 50', value: 'x' }],
	badBands: [{ reviewFrom: 0.8, aiFrom: 0.5 }],
	badExpression: [{ label: 'Input Binary Field', reason: 'nothing there' }],
	noField: [{ field: 'data', available: [] }],
	noMatch: [{ pattern: 'a*', available: ['b'] }],
	noFile: [{ available: ['data'] }],
	noContent: [{ field: '' }, { field: 'data' }],
	unsupported: [
		{ ...file, found: undefined },
		{ field: 'data', fileName: '', found: 'MP4' },
	],
	empty: [file],
	tooLarge: [{ ...file, bytes: 2e9 }],
	unreadable: [file],
	unexpected: [{ reason: 'x is not a function' }],
};

function allMessages(media: MediaKind): string[] {
	const failures = Object.entries(FAILURES).flatMap(([kind, variants]) =>
		variants.map((failure) => failureWords({ ...failure, kind: kind as FailureKind }, media)),
	);
	const problems = Object.entries(PROBLEMS).flatMap(([kind, variants]) =>
		variants.map((problem) => inputWords({ ...problem, kind } as InputProblem, media)),
	);
	return [...failures, ...problems].map(({ message }) => message);
}

async function credentialTestMessage(options: EmulatorOptions, form: object): Promise<string> {
	const emulator = await startEmulator(options);
	const { apiKey, url: baseUrl } = emulator;
	const data = { authentication: 'apiKey', apiKey, baseUrl, ...form };
	const credential = { id: '1', name: 'x', type: 'x', data };
	const { message } = await testCredential.call({} as ICredentialTestFunctions, credential);
	await emulator.close();
	return message;
}

/** n8n's own client refuses the address before the credential is tested. */
async function egressMessage(): Promise<string> {
	process.env.N8N_SSRF_PROTECTION_ENABLED = 'true';
	const request = async () => await Promise.reject(new Error('restricted IP address'));
	const data = { authentication: 'apiKey', apiKey: 'key', baseUrl: 'https://10.1.2.3' };
	const credential = { id: '1', name: 'x', type: 'x', data };
	const context = { helpers: { request } } as unknown as ICredentialTestFunctions;
	const { message } = await testCredential.call(context, credential);
	delete process.env.N8N_SSRF_PROTECTION_ENABLED;
	return message;
}

function hintSentences(): string[] {
	const verdict = { isAI: true, confidence: 0.2, batchPosition: 0 };
	const outcomes: Outcome[] = [
		{ verdict },
		{ verdict, reused: true },
		{ failure: { kind: 'timeout' } },
	];
	const counts = { requests: 20, repeats: 2, divided: 1, askedAgain: 3 };
	const result = { outcomes, counts, stoppedAt: undefined };
	const parts = hintOf({ problem: { kind: 'noField' }, files: [] }, result).split('; ');
	const nothing = { outcomes: [], counts: { ...counts, requests: 0 }, stoppedAt: undefined };
	const unchecked = hintOf({ files: [] }, nothing).split('; ');
	// One sentence has a semicolon of its own.
	return [...parts.slice(0, -2), parts.slice(-2).join('; '), unchecked.at(-1) as string];
}

function hintOf(plan: object, result: DetectResult): string {
	let hint = '';
	const context = { addExecutionHints: ({ message }: { message: string }) => (hint = message) };
	addHint(context as unknown as IExecuteFunctions, [plan as ItemPlan], result, IMAGES);
	return hint.replace(/\.$/, '');
}

it('every message that the nodes can show is in the README, and nothing else', async () => {
	const { otherClient } = await makeCertificates();
	const unknown = { useClientCertificate: true, clientCertificate: otherClient.certificate };
	const messages = [
		...allMessages(IMAGES),
		...allMessages(VIDEOS),
		await credentialTestMessage({ permissions: ['image_inference'] }, {}),
		await credentialTestMessage({ clientCertificate: 'header' }, {}),
		await egressMessage(),
		await credentialTestMessage({ clientCertificate: 'header' }, unknown),
		...hintSentences(),
		NOT_PRIVATE,
	];
	const patterns = listed();
	expect(patterns.length).toBeGreaterThan(50);
	const missing = messages.filter(
		(message) => !patterns.some((pattern) => patternOf(pattern).test(message)),
	);
	expect(missing).toEqual([]);
	const unused = patterns.filter(
		(pattern) => !messages.some((message) => patternOf(pattern).test(message)),
	);
	expect(unused).toEqual([]);
});

it.each([IMAGES, VIDEOS])('every message is calm, and says what to do ($name)', (media) => {
	for (const [kind, variants] of Object.entries(FAILURES)) {
		for (const failure of variants) {
			const words = failureWords({ ...failure, kind: kind as FailureKind }, media);
			// n8n's guidelines: no 'error', 'problem', 'failure', 'mistake'.
			expect(words.message).not.toMatch(/\b(error|problem|failure|mistake)/i);
			expect(words.message).not.toMatch(/\.$/);
			expect(words.description).toMatch(/^[A-Z].*\.$/);
		}
	}
});
