package place

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Custodian is who looks after a poster: somebody of the village, known by name and phone. Both are personal: they lie
// sealed, are shown to staff with the right only, and no export holds them.
type Custodian struct {
	Name  string
	Phone privacy.Phone
}

type custodianSealed struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// CheckCustodian reads what was typed; both empty is nobody.
func CheckCustodian(name, phone string) (Custodian, error) {
	name, phone = strings.TrimSpace(name), strings.TrimSpace(phone)
	if name == "" && phone == "" {
		return Custodian{}, nil
	}
	fields := map[string]string{}
	if name == "" || utf8.RuneCountInString(name) > 30 || strings.ContainsFunc(name, unseen) {
		fields["custodian"] = "place.custodian.name"
	}
	checked, err := privacy.CheckPhone(phone)
	var told *problem.Error
	if errors.As(err, &told) {
		fields["phone"] = told.Key
	}
	if len(fields) > 0 {
		return Custodian{}, &problem.Error{Kind: problem.Invalid, Key: "problem.invalid", Fields: fields}
	}
	return Custodian{Name: name, Phone: checked}, nil
}

// SetCustodian says who looks after a location; the zero Custodian takes the one away.
func (g *Gazetteer) SetCustodian(ctx context.Context, q store.Queryer, location string, c Custodian, by string) error {
	if c == (Custodian{}) {
		return dropCustodian(ctx, q, location)
	}
	plain, err := json.Marshal(custodianSealed{c.Name, c.Phone.Plain()})
	if err != nil {
		return fmt.Errorf("place: custodian: %w", err)
	}
	sealed, err := g.Keys.Seal("custodians", location, "who", plain)
	if err != nil {
		return fmt.Errorf("place: custodian: %w", err)
	}
	return writeCustodian(ctx, q, location, sealed, by, g.now())
}

// Custodian is who looks after a location; Missing when nobody is known. The caller records the look.
func (g *Gazetteer) Custodian(ctx context.Context, location string) (Custodian, error) {
	sealed, err := selectCustodian(ctx, g.DB, location)
	if err != nil {
		return Custodian{}, err
	}
	plain, err := g.Keys.Open("custodians", location, "who", sealed)
	if err != nil {
		return Custodian{}, fmt.Errorf("place: custodian: %w", err)
	}
	var c custodianSealed
	if err := json.Unmarshal(plain, &c); err != nil {
		return Custodian{}, fmt.Errorf("place: custodian: %w", err)
	}
	return Custodian{c.Name, privacy.Phone(c.Phone)}, nil
}

// Custodians tells which locations have somebody who looks after them, and not who.
func (g *Gazetteer) Custodians(ctx context.Context) (map[string]bool, error) {
	all, err := selectCustodians(ctx, g.DB)
	if err != nil {
		return nil, fmt.Errorf("place: custodians: %w", err)
	}
	has := make(map[string]bool, len(all))
	for _, one := range all {
		has[one[0]] = true
	}
	return has, nil
}

// Rotate seals every custodian with the newest key.
func (g *Gazetteer) Rotate(ctx context.Context) error {
	err := g.DB.Tx(ctx, func(q store.Queryer) error {
		all, err := selectCustodians(ctx, q)
		if err != nil {
			return err
		}
		for _, one := range all {
			again, err := g.Keys.Reseal("custodians", one[0], "who", one[1])
			if err != nil {
				return err
			}
			if again == one[1] {
				continue
			}
			if err := resealCustodian(ctx, q, one[0], one[1], again); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("place: rotate: %w", err)
	}
	return nil
}
