package apply

import (
	"context"
	"io"

	"mashang/aid/apply/form"
	"mashang/aid/cases"
	"mashang/platform/store"
)

// TakePaper cleans and keeps a picture that belongs to no draft, for an application that is already filed. It waits a
// day to be named by Supplement or File.
func (d *Desk) TakePaper(ctx context.Context, kind string, r io.Reader) (Paper, error) {
	pic, err := d.receive(ctx, r)
	if err != nil {
		return Paper{}, wrap("take paper", err)
	}
	p, err := d.keepPicture(ctx, kind, "", pic, func(store.Queryer) error { return nil })
	if err != nil {
		return Paper{}, wrap("take paper", err)
	}
	return p, nil
}

// Give hands pictures that belong to nobody to a case that is filed in the caller's transaction.
func (d *Desk) Give(ctx context.Context, q store.Queryer, papers []string, caseID string) error {
	for i, id := range papers {
		if err := d.hand(ctx, q, id, "", caseID); err != nil {
			return wrap("give", paperProblem(err, i))
		}
	}
	return nil
}

// Supplement adds papers and words to the case of a link and tells the office. Papers that are the case's already are
// no error, so a second tap does no harm.
func (d *Desk) Supplement(ctx context.Context, token, note string, papers []string) (cases.View, error) {
	v, err := d.Cases.ByToken(ctx, token)
	if err != nil {
		return cases.View{}, wrap("supplement", err)
	}
	err = d.DB.Tx(ctx, func(q store.Queryer) error {
		for i, id := range papers {
			p, err := selectPaper(ctx, q, id)
			if err == nil && p.caseID == v.ID {
				continue
			}
			if err == nil {
				err = d.hand(ctx, q, id, "", v.ID)
			}
			if err != nil {
				return paperProblem(err, i)
			}
		}
		return nil
	})
	if err != nil {
		return cases.View{}, wrap("supplement", err)
	}
	var body any
	if note = form.Paragraphs(note); note != "" {
		body = map[string]string{"note": note}
	}
	v, err = d.Cases.Supplement(ctx, token, body, papers)
	if err != nil {
		return cases.View{}, wrap("supplement", err)
	}
	return v, nil
}
