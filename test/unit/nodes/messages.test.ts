import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialTestFunctions } from 'n8n-workflow';
import { JPEG, MP4, type Recognized } from '../../../client/files/fileType';
import { IMAGES, VIDEOS, type MediaKind } from '../../../client/model/mediaKind';
import type { DetectResult, Outcome } from '../../../client/model/outcome';
import { testCredential } from '../../../nodes/shared/credential/credentialTest';
import type { ItemPlan } from '../../../nodes/shared/input/itemPlans';
import { NOT_PRIVATE } from '../../../nodes/shared/messages/credentialMessages';
import { inputMessage } from '../../../nodes/shared/messages/inputMessages';
import { ERROR_CODES } from '../../../nodes/shared/output/errorCodes';
import { addHints } from '../../../nodes/shared/output/runHints';
import type { Execution } from '../../../nodes/shared/settings/execution';
import { makeCertificates, startEmulator, type EmulatorOptions } from '../../support/emulator';
import { allTexts, OTHERS } from './everyMessage';

/** The first column of the page's tables between the two markers. */
function listed(): string[] {
	const page = readFileSync(join(__dirname, '../../../docs/troubleshooting.md'), 'utf8');
	const [, part = ''] = /<!-- messages:.*?-->([^]*?)<!-- \/messages -->/.exec(page) ?? [];
	return part
		.split('\n')
		.filter((line) => line.startsWith('| ') && !/^\| (Message|Hint|-+) /.test(line))
		.map((line) => (line.split(' | ')[0] as string).slice('| '.length).trim());
}

function patternOf(text: string): RegExp {
	const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`^${escaped.replaceAll('…', '.*')}$`, 's');
}

function allMessages(media: MediaKind): string[] {
	return allTexts(media).map(({ message }) => message);
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

/** n8n's own client refuses the address before the test of the credential. */
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

const NO_PLAN = { files: [], refused: [], skipped: [], held: new Map(), settings: {} };

/** All sentences of the hints, from runs with everything that hints report. */
function hintSentences(): string[] {
	const verdict = { isAI: true, confidence: 0.2, batchPosition: 0 };
	const outcomes: Outcome[] = [
		{ verdict },
		{ verdict, reused: true },
		{ failure: { kind: 'timeout', phase: 'response' } },
	];
	const counts = { requests: 20, retries: 2, split: 1, followUps: 3 };
	const result = { outcomes, counts, stoppedAt: undefined };
	const nothing = { outcomes: [], counts: { ...counts, requests: 0 }, stoppedAt: undefined };
	const held = new Map([['photo', 'cat.jpg']]);
	return [
		...hintsOf([{ problem: { kind: 'noField' } }, { files: [{}], refused: [{}] }], result),
		...hintsOf([{}], nothing),
		...hintsOf([{ held }], nothing),
	];
}

function hintsOf(plans: object[], result: DetectResult): string[] {
	let hint = '';
	const context = { addExecutionHints: ({ message }: { message: string }) => (hint = message) };
	const items = plans.map(() => ({ json: {} }));
	const node = { alwaysOutputData: true };
	const execution = { context, media: IMAGES, items, node, isRouting: true };
	const all = plans.map((plan) => ({ ...NO_PLAN, ...plan })) as unknown as ItemPlan[];
	addHints(execution as unknown as Execution, { plans: all, result, routed: [] });
	// One sentence contains a semicolon.
	return hint.replace(/\.$/, '').split(/; (?!both|there)/);
}

it('the troubleshooting page lists every message of the nodes, and nothing else', async () => {
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

it('the troubleshooting page lists every error code, and nothing else', () => {
	const page = readFileSync(join(__dirname, '../../../docs/troubleshooting.md'), 'utf8');
	const [, part = ''] = /## Error codes\n([^]*)$/.exec(page) ?? [];
	const rows = part.split('\n').filter((line) => line.startsWith('| `'));
	const listedCodes = rows.flatMap((row) => {
		const [, cell = ''] = row.split('|');
		return [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code);
	});
	expect(listedCodes.sort()).toEqual([...ERROR_CODES].sort());
});

it.each([IMAGES, VIDEOS])('every message is calm, and says what to do ($name)', (media) => {
	for (const { message, description } of allTexts(media)) {
		// n8n's guidelines: no 'error', 'problem', 'failure', 'mistake'.
		expect(message).not.toMatch(/\b(error|problem|failure|mistake)/i);
		expect(message).not.toMatch(/\.$/);
		expect(description).toMatch(/^[A-Z'].*(\.|\/issues)$/);
	}
});

describe("a file that the node doesn't accept", () => {
	const words = (found: Recognized, media: MediaKind) =>
		inputMessage({ kind: 'unsupported', field: 'data', fileName: 'a', found }, media).message;

	it.each([
		[IMAGES, OTHERS.heic, /is HEIC.*JPEG.*'Most Compatible'$/],
		[VIDEOS, OTHERS.heic, /is HEIC .*not MP4, MOV or AVI\..* and use Batch Image Detect$/],
		[
			IMAGES,
			OTHERS.video,
			/is WebM \(a video\), not JPEG, .*Convert it to MP4 and use Batch Video Detect$/,
		],
		[VIDEOS, OTHERS.video, /is WebM \(a video\), not MP4, MOV or AVI\. Convert it to MP4$/],
		[
			VIDEOS,
			OTHERS.noPicture,
			/contains sound, but no picture \(MP4\)\. It can't be checked: leave such files out$/,
		],
		[VIDEOS, { ...OTHERS.noPicture, hasSound: false }, /contains no picture \(MP4\)/],
		[IMAGES, OTHERS.webPage, /is a web page \('Sign in'\), not JPEG/],
		[IMAGES, { ...OTHERS.webPage, title: '' }, /is a web page, not JPEG/],
		[IMAGES, { ...OTHERS.webPage, title: 'x\u202Ey'.repeat(100) }, /^[\x20-\x7e…]{1,400}$/],
		[IMAGES, { ...OTHERS.base64, holds: undefined }, /is base64 text, not JPEG/],
		[IMAGES, OTHERS.unknown, /begins with 8f 3a\)/],
	])('is named, with what to do (%#)', (media, other, pattern) => {
		expect(words({ other }, media)).toMatch(pattern);
	});

	it('is referred to the other node if that one accepts it', () => {
		expect(words({ format: MP4 }, IMAGES)).toMatch(/is MP4, not .*Use Batch Video Detect for it$/);
		expect(words({ format: JPEG }, VIDEOS)).toMatch(
			/is JPEG, not .*Use Batch Image Detect for it$/,
		);
	});
});

it('a space at the end of a name is visible in the list of names', () => {
	const available = ['data ', 'other'];
	const { description } = inputMessage({ kind: 'noField', field: 'data', available }, IMAGES);
	expect(description).toContain("are: 'data ', other.");
});
