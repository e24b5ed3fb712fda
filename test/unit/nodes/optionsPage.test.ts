import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';
import { IMAGES, VIDEOS } from '../../../client/model/mediaKind';
import { properties } from '../../../nodes/shared/settings/description';

/** The rows of the page's tables between the two markers, as lists of cells. */
function rows(): string[][] {
	const page = readFileSync(join(__dirname, '../../../docs/options.md'), 'utf8');
	const [, part = ''] = /<!-- parameters:.*?-->([^]*?)<!-- \/parameters -->/.exec(page) ?? [];
	return part
		.split('\n')
		.filter((line) => line.startsWith('| **'))
		.map((line) => line.slice(1, -1).split(' | '))
		.map((cells) => cells.map((cell) => cell.trim()));
}

function shown(kind: typeof IMAGES): INodeProperties[] {
	return properties(kind).filter(({ type }) => !['hidden', 'notice', 'collection'].includes(type));
}

function optionsOf(kind: typeof IMAGES): INodeProperties[] {
	const all = properties(kind).find(({ type }) => type === 'collection');
	return all?.options as INodeProperties[];
}

/** A default as the page writes it; both if the nodes differ. */
function defaultOf(place: (kind: typeof IMAGES) => INodeProperties[], name: string): string {
	const values = [IMAGES, VIDEOS].map((kind) => {
		const value = place(kind).find((each) => each.name === name)?.default;
		if (typeof value === 'boolean') return value ? 'on' : 'off';
		return String(value);
	});
	return [...new Set(values)].join(' / ');
}

it('the page of options lists every parameter with its default, and nothing else', () => {
	const listed = rows().filter(([, stored]) => !stored?.startsWith('`options.'));
	expect(listed.map(([name, stored, value]) => [name, stored, value?.replaceAll('`', '')])).toEqual(
		shown(IMAGES).map(({ displayName, name }) => [
			`**${displayName}**`,
			`\`${name}\``,
			defaultOf(shown, name),
		]),
	);
});

it('the page of options lists every option with its initial value, in the order of the panel', () => {
	const listed = rows().filter(([, stored]) => stored?.startsWith('`options.'));
	const plain = (value = '') => value.replace(/ [a-z]+$|(?<=\d) MB$/, '');
	expect(listed.map(([name, stored, , value]) => [name, stored, plain(value)])).toEqual(
		optionsOf(IMAGES).map(({ displayName, name }) => [
			`**${displayName}**`,
			`\`options.${name}\``,
			defaultOf(optionsOf, name),
		]),
	);
	expect(optionsOf(VIDEOS).map(({ name }) => name)).toEqual(
		optionsOf(IMAGES).map(({ name }) => name),
	);
});

it('each has a description, on the page and in the panel', () => {
	expect(rows().length).toBeGreaterThan(15);
	for (const row of rows()) expect(row.at(-1)).toMatch(/^[A-Z*].*\.$/);
	for (const { description } of [...shown(IMAGES), ...optionsOf(IMAGES)]) {
		expect(description).toMatch(/^[A-Z]/);
	}
});
