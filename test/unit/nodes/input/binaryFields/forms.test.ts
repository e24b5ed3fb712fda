import { A, found, stored } from './scene';

describe('uploads of a form', () => {
	const upload = { filename: 'me.jpg', mimetype: 'image/jpeg', size: 3 };
	const json = { 'My photo': [upload] };
	const binary = { My_photo_0: stored('up', { fileName: 'me.jpg', bytes: 3 }), a: A };

	it('are found by the label of their field', () => {
		expect(found({ wanted: 'My photo', json, binary })[0]).toEqual({ My_photo_0: 'up' });
	});

	it("are found by the form's description of them", () => {
		for (const wanted of [upload, [upload]]) {
			expect(found({ wanted, json, binary })[0]).toEqual({ My_photo_0: 'up' });
		}
	});

	it('may be listed next to other files', () => {
		const fields = { My_photo_0: 'up', a: 'a' };
		expect(found({ wanted: [upload, A], json, binary })[0]).toEqual(fields);
	});

	it('lead to no file if the file is gone', () => {
		const problem = { kind: 'noContent', field: 'me.jpg', available: ['a'] };
		expect(found({ wanted: upload, json: {}, binary: { a: A } })[1]).toEqual(problem);
	});
});
