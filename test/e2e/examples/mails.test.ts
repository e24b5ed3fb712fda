import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import type { ParsedMail } from 'mailparser';
import { image, sampleOf, textFile, video, type Sample } from '../../support/engine/media';
import { mailAccount, oneOfEach, useExample, useMailServer } from './exampleBench';

const example = useExample('route-mail-attachments.json');
const mail = useMailServer();

test('each mail is sorted by all of its attachments, and keeps them', async () => {
	const { ai, review, authentic } = oneOfEach(image);
	const broken = sampleOf('broken.png', Buffer.alloc(0));
	const mails: Array<[string, Sample[]]> = [
		['forged', [authentic, ai]],
		['doubtful', [review, video('a film')]],
		['fine', [authentic, textFile()]],
		['no attachment', []],
		['broken', [broken, authentic]],
	];
	const account = await mailAccount(example.bench, mail.server);
	const id = await example.import((workflow) => {
		workflow.useMailAccount(account);
		workflow.pin('New Mail', mails.map(mailOf));
	});
	await example.run(id, 'New Mail');

	const subjects = (address: string) => mail.server.to(address).map(({ subject }) => subject);
	expect(subjects('quarantine@example.com')).toEqual(['[AI-generated] forged']);
	expect(subjects('reviewer@example.com').sort()).toEqual([
		'[needs review] doubtful',
		'[not checked] broken',
	]);
	expect(subjects('team@example.com')).toEqual([
		'[authentic] fine',
		'[nothing to check] no attachment',
	]);
	for (const [subject, samples] of mails) {
		const found = mail.server.mails.find((each) => each.subject?.endsWith(` ${subject}`));
		expect(attached(found)).toEqual(samples.map(({ fileName, sha256 }) => [fileName, sha256]));
		expect(found?.replyTo?.text).toBe('sender@example.com');
		expect(found?.text).toContain(`The words of ${subject}`);
	}
	const textOf = (label: string) =>
		mail.server.mails.find(({ subject }) => subject?.includes(label))?.text;
	expect(textOf('forged')).toMatch(`${ai.fileName} is probably AI-generated`);
	expect(textOf('broken')).toContain('is empty');
});

function mailOf([subject, samples]: [string, Sample[]]): INodeExecutionData {
	const binary: Record<string, IBinaryData> = {};
	samples.forEach(({ content, fileName }, index) => {
		const data = content.toString('base64');
		binary[`attachment_${index}`] = { data, fileName, mimeType: 'application/octet-stream' };
	});
	const json = { subject, from: 'sender@example.com', textPlain: `The words of ${subject}` };
	return { json, binary };
}

function attached(mail: ParsedMail | undefined): unknown[] {
	return (mail?.attachments ?? []).map(({ filename = '', content }) => [
		filename,
		sampleOf(filename, content).sha256,
	]);
}
