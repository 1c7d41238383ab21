package privacy

import (
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"strings"
)

// wrapField is the field name under which a row's wrapped data key is sealed.
const wrapField = "data_key"

// DataKey is one row's own key. The row keeps it wrapped; deleting the wrapped
// key destroys everything sealed with it, in backups of the data too.
type DataKey struct {
	aead       cipher.AEAD
	table, row string
}

// NewDataKey makes a key for one row, and its wrapped form to store there.
func (k *Keyring) NewDataKey(table, row string) (DataKey, string, error) {
	raw := make([]byte, keySize)
	rand.Read(raw)
	wrapped, err := k.Seal(table, row, wrapField, raw)
	if err != nil {
		return DataKey{}, "", err
	}
	d, err := dataKey(table, row, raw)
	return d, wrapped, err
}

// OpenDataKey unwraps the key of one row.
func (k *Keyring) OpenDataKey(table, row, wrapped string) (DataKey, error) {
	raw, err := k.Open(table, row, wrapField, wrapped)
	if err != nil {
		return DataKey{}, err
	}
	return dataKey(table, row, raw)
}

// Rewrap wraps a data key with the newest key of the ring. What the data key
// sealed stays as it is, which makes rotation cheap.
func (k *Keyring) Rewrap(table, row, wrapped string) (string, error) {
	return k.Reseal(table, row, wrapField, wrapped)
}

func dataKey(table, row string, raw []byte) (DataKey, error) {
	if len(raw) != keySize {
		return DataKey{}, errOpen
	}
	aead, err := newAEAD(raw)
	return DataKey{aead: aead, table: table, row: row}, err
}

// Seal encrypts plain for one field of the key's row.
func (d DataKey) Seal(field string, plain []byte) (string, error) {
	raw, err := d.SealBytes(field, plain)
	if err != nil {
		return "", err
	}
	return "d1." + encode(raw), nil
}

// Open decrypts what Seal made for the same field.
func (d DataKey) Open(field, sealed string) ([]byte, error) {
	text, found := strings.CutPrefix(sealed, "d1.")
	raw, err := decode(text)
	if !found || err != nil {
		return nil, errOpen
	}
	return d.OpenBytes(field, raw)
}

// SealBytes is Seal for large values: bytes, not text.
func (d DataKey) SealBytes(field string, plain []byte) ([]byte, error) {
	at, err := d.where(field)
	if err != nil {
		return nil, err
	}
	return d.aead.Seal(nil, nil, plain, at), nil
}

// OpenBytes decrypts what SealBytes made for the same field.
func (d DataKey) OpenBytes(field string, raw []byte) ([]byte, error) {
	at, err := d.where(field)
	if err != nil {
		return nil, err
	}
	plain, err := d.aead.Open(nil, nil, raw, at)
	if err != nil {
		return nil, errOpen
	}
	return plain, nil
}

func (d DataKey) where(field string) ([]byte, error) {
	if d.aead == nil {
		return nil, errors.New("privacy: the data key is empty or was destroyed")
	}
	return where(d.table, d.row, field)
}
