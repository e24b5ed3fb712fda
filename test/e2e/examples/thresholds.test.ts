import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, textFile, type Sample } from '../../support/engine/media';
import { useExample } from './exampleBench';

const example = useExample('find-your-thresholds.json');

const confidence = ({ verdict }: Sample) => verdict.confidence;

async function report(real: Sample[], ai: Sample[]): Promise<{ csv: string; html: string }> {
	await example.write(real, 'real');
	await example.write([...ai, textFile()], 'ai');
	await example.run(await example.import(), 'When clicking ‘Execute workflow’');
	const read = (name: string) => readFileSync(join(example.folder, 'reports', name), 'utf8');
	return { csv: read('thresholds.csv'), html: read('thresholds.html') };
}

function proposal(html: string): Record<string, number> {
	const found = html.matchAll(/<small>(Threshold for [\w ]+)<\/small><b>([\d.]+)<\/b>/g);
	return Object.fromEntries(Array.from(found, ([, name, value]) => [name, Number(value)]));
}

const samples = images(240, 'thresholds');

test('a table, a chart, and thresholds that make no more mistakes than allowed', async () => {
	// Two kinds that overlap between 0.3 and 0.8.
	const real = samples.filter(
		(s, n) => confidence(s) < 0.3 || (confidence(s) < 0.8 && n % 4 === 0),
	);
	const ai = samples.filter((s) => !real.includes(s) && confidence(s) >= 0.3);
	const { csv, html } = await report(real, ai);

	const rows = csv.trim().split('\n').slice(1);
	expect(rows).toHaveLength(21);
	rows.forEach((row, step) => {
		const flagged = (list: Sample[]) => list.filter((s) => confidence(s) >= step / 20).length;
		const [threshold, aiFlagged, , realFlagged] = row.split(',').map(Number);
		expect([threshold, aiFlagged, realFlagged]).toEqual([step / 20, flagged(ai), flagged(real)]);
	});

	const { 'Threshold for Review': reviewFrom = 0, 'Threshold for AI Generated': aiFrom = 0 } =
		proposal(html);
	const share = (list: Sample[], isWrong: (value: number) => boolean) =>
		list.map(confidence).filter(isWrong).length / list.length;
	const falseAlarms = (threshold: number) => share(real, (value) => value >= threshold);
	const missed = (threshold: number) => share(ai, (value) => value < threshold);
	expect(reviewFrom).toBeLessThan(aiFrom);
	// The best values: one step further in either direction would be one too far.
	expect(falseAlarms(aiFrom)).toBeLessThanOrEqual(0.01);
	expect(falseAlarms(aiFrom - 0.01)).toBeGreaterThan(0.01);
	expect(missed(reviewFrom)).toBeLessThanOrEqual(0.05);
	expect(missed(reviewFrom + 0.01)).toBeGreaterThan(0.05);

	expect(html.match(/<polyline points="[\d., ]+"/g)).toHaveLength(2);
	expect(html).toContain(`From ${real.length} files that you know to be real`);
	expect(html).toContain(`1 of ${real.length + ai.length + 1} files could not be checked`);
	const above = ai.filter((s) => confidence(s) >= aiFrom).length;
	expect(html).toContain(`<td>${ai.length} AI-made files</td><td>${above}</td>`);
});

test("if the two kinds don't overlap, a person decides what lies between them", async () => {
	const real = samples.filter((s) => confidence(s) < 0.2);
	const ai = samples.filter((s) => confidence(s) >= 0.7);
	const { html } = await report(real, ai);
	const { 'Threshold for Review': reviewFrom, 'Threshold for AI Generated': aiFrom } =
		proposal(html);
	expect(reviewFrom).toBeLessThanOrEqual(0.2);
	expect(aiFrom).toBeGreaterThanOrEqual(0.7);
	expect(html).toContain('With fewer than 100 files of each kind');
});
