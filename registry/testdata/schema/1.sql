-- A registry of schema 1: three certificates, the second suspended, and an open reservation.
CREATE TABLE reservation (
  n       INTEGER PRIMARY KEY,
  key     TEXT NOT NULL UNIQUE,
  request BLOB NOT NULL,          -- digest of the data to be certified
  id      BLOB NOT NULL UNIQUE,
  series  TEXT NOT NULL,
  year    INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  salt    BLOB NOT NULL,
  at      INTEGER NOT NULL,
  erased  INTEGER,                -- index of the ERASE leaf
  UNIQUE (series, year, seq)
) STRICT;
INSERT INTO reservation VALUES(1,'request-0',X'8e69f1270f8b98dbdc74417113748f5ee3077567082efa39e807c936ca4e4ba9',X'327fbcafc916e187d1dd','VD77',2026,1,X'3973b720f5cdaa2b848cc26f3afd57cb',1795339800000000,NULL);
INSERT INTO reservation VALUES(2,'request-1',X'e5c7990e38adf52e1f932c333f130278326106a58f4bb0b88c698d80d0c9aa87',X'cd3d4eb485fd695f47e5','VD77',2026,2,X'3261b4a8fbe54b47c0109b1cc71a9cb5',1795339800000000,NULL);
INSERT INTO reservation VALUES(3,'request-2',X'1a0c01a1b1a629f8c18715ee7dae561dc89d62984d754f98987b55ce0672537b',X'cb4aec889ac858d52812','VD77',2026,3,X'c3a6a8530dbb478fb70a6ca8c7263a94',1795339800000000,NULL);
INSERT INTO reservation VALUES(4,'request-3',X'95affcab850ab9654b3f755b1e7466ef1d8a33ca75b4f3f620619df7d85dc99e',X'3310c60fd7f1131271c4','VD77',2026,4,X'df3327a1ccb98669d3f6b9f60135b3c7',1795339800000000,NULL);
CREATE TABLE record (
  n           INTEGER PRIMARY KEY REFERENCES reservation (n),
  id          BLOB NOT NULL,
  leaf        INTEGER NOT NULL,
  recorded    INTEGER NOT NULL,
  valid_from  INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,
  public      TEXT NOT NULL,      -- the certificate as JSON, without private data
  private     TEXT NOT NULL,      -- СНИЛС and date of birth as JSON
  salt        BLOB NOT NULL,
  nonce       BLOB NOT NULL,      -- hides the content of the commitment in the log
  url         TEXT NOT NULL,
  request     BLOB NOT NULL,      -- binds key and request digest
  sha256      BLOB NOT NULL,      -- of the document
  size        INTEGER NOT NULL,
  digest      BLOB NOT NULL,      -- over all above but n, leaf and recorded; the leaf commits to it
  changes     TEXT NOT NULL,      -- public part of the status changes as JSON
  seal        BLOB NOT NULL,      -- over digest, leaf, recorded and changes
  surname     TEXT NOT NULL,      -- folded, for search
  name        TEXT NOT NULL
) STRICT;
INSERT INTO record VALUES(1,X'327fbcafc916e187d1dd',0,1795339801000000,20261121,20311121,'{"id":"69zvsby92vgrfmex","number":"VD77-2026-000001-U","kind":"periodic","holder":{"surname":"Иванов","name":"Иван","patronymic":"Ильич"},"specialty":{"code":"31.08.49","name":"Терапия"},"position":"врач-терапевт","issuer":{"name":"Аккредитационный центр «Пример»","inn":"7707083893","ogrn":"1027700132195"},"decision":{"number":"П-0","date":"2026-11-20"},"signatory":{"name":"Образцова А. Б.","position":"Председатель комиссии","authority":"приказ № 1"},"validFrom":"2026-11-21","validUntil":"2031-11-21","issuedAt":"2026-11-22T09:30:00Z"}','{"snils":"112-233-445 95","birthDate":"1980-02-29"}',X'3973b720f5cdaa2b848cc26f3afd57cb',X'2c4fa486b687d553b08aeab9627e88a6262add387ed3a5967a76eb7482aa5610','https://registry.example/c/10',X'000f7596855a2b887aa568d958cf1db3ff341164a4f80819fc91457eb0ea2911',X'd910743bc24738102bb04a646c0b084f5de72cfb224e027b06ec61f1985c10b0',1500,X'8ddf1d31b1ecc63b9dd09765ed911aaca575712e6fadd207a5901645471fa264','[]',X'1a73f5d0c8319693ab35030f20090a0b7496874d84e37860953850259062a4a3','иванов','иван');
INSERT INTO record VALUES(2,X'cd3d4eb485fd695f47e5',1,1795339802000000,20261121,20311121,'{"id":"smymxd45znmnyhz5","number":"VD77-2026-000002-S","kind":"periodic","holder":{"surname":"Семёнова","name":"Мария","patronymic":"Ильич"},"specialty":{"code":"31.08.49","name":"Терапия"},"position":"врач-терапевт","issuer":{"name":"Аккредитационный центр «Пример»","inn":"7707083893","ogrn":"1027700132195"},"decision":{"number":"П-1","date":"2026-11-20"},"signatory":{"name":"Образцова А. Б.","position":"Председатель комиссии","authority":"приказ № 1"},"validFrom":"2026-11-21","validUntil":"2031-11-21","issuedAt":"2026-11-22T09:30:00Z"}','{"snils":"112-233-445 95","birthDate":"1980-02-29"}',X'3261b4a8fbe54b47c0109b1cc71a9cb5',X'8b743adc080e35e74db115be981f1fbc4fddfb0d7eb294c22ea0bfd673639809','https://registry.example/c/11',X'7f1639af173a4107baaa8f893320ee69529bfaf32b3a17ca772d1269ba8d4692',X'6e119b673f5679b96ed3f017cc46ed083c1a0aa5cbb9ed115cb75e9be6b22ef9',1501,X'23455c7987a7eb2434cd285944234431bdef4ebad0c5616be2286a5f70da69fc','[{"action":"suspend","effective":"2026-11-22T09:30:03.000000Z","recorded":"2026-11-22T09:30:04.000000Z","reason":"inspection","leafIndex":3}]',X'3d4baa9637e09b0db0fd65aa9750b27017c6022c7322687cfbebfe1607ed067e','семенова','мария');
INSERT INTO record VALUES(3,X'cb4aec889ac858d52812',2,1795339803000000,20261121,20311121,'{"id":"sd5es24ts1cdaa0j","number":"VD77-2026-000003-Q","kind":"periodic","holder":{"surname":"Петров-Водкин","name":"Кузьма","patronymic":"Ильич"},"specialty":{"code":"31.08.49","name":"Терапия"},"position":"врач-терапевт","issuer":{"name":"Аккредитационный центр «Пример»","inn":"7707083893","ogrn":"1027700132195"},"decision":{"number":"П-2","date":"2026-11-20"},"signatory":{"name":"Образцова А. Б.","position":"Председатель комиссии","authority":"приказ № 1"},"validFrom":"2026-11-21","validUntil":"2031-11-21","issuedAt":"2026-11-22T09:30:00Z"}','{"snils":"112-233-445 95","birthDate":"1980-02-29"}',X'c3a6a8530dbb478fb70a6ca8c7263a94',X'8d1de1df514556ffad3970008af446e80756c69b79f2c6c40f622339011cde5e','https://registry.example/c/12',X'a84ea21907311d6cf16579ab3def9ab5ca6a548719911f677a3319a8df53d199',X'f066e176e1fbde34e59e361849b5a489652003a577b3421610c976f5d07a45a4',1502,X'c50b8b3b822516e0a1bd0e7a7e3b89e68414369638bef7c3c091003acfa79e2e','[]',X'e0979c16765e4441a72af6c2ce044d010d3594d709f3280ffd0a47a78061e757','петров-водкин','кузьма');
CREATE TABLE prefix (             -- beginnings that many documents share
  p     INTEGER PRIMARY KEY,
  sum   BLOB NOT NULL UNIQUE,
  bytes BLOB NOT NULL
) STRICT;
INSERT INTO prefix VALUES(1,X'dc07025bd94a944dbccbaa78849b10c14387f4635cad4a99ab3734b0b313e3dc',X'b3b7b96917f967b5d964dd670b6c78dbc282996cf1325c27944b372626ca854adde7582e68010c458d2fe0e5295f700785f8f56418a055a5973ff1458563eee83781e4e9cb9b80172a651d9f24c12c16eada2f652a2c3f6763997ddf494172afaa99df3df30b9a85b9dfde0e1cc112b79a9719b363c3f23c6b7cd81de19d0023f2aa44787d7abfb0a3e0520664bbd7106563cbc11c9ce19be2736c3eb0d40f91053984575fbbc974ddd805640d76b6f8e4967b77f9c5c85846eb40faddf73b1fbc755f600cc420fcdeeb6bb389126b9caafadf5701cf68ac492fac88cbdcda96b7137aea90f71a13af2264c2bcad277a6947f0dc20a92d81c30ca7aaf05ee13a7419d09c8e4676b5ba089f4d1d964509c0feca56b647d96376352369c15a883ce1136aa226e4fa14b511bdcc1ddc2ef57cc0307b351fb00152fd58f645a2fca95977e1d1055f4244093518f63162ea2f08b53d9da8da63b528bec7ab18d013e8faf59c6d2d10bd1ff27b61dae0ddd4908342014390564dce1c55501749bf515e0585d92b927a1e3bcb3855ba9d4149faaa269385791e0cd7074594a2a6f32597d50f120e9029a436f1197bddb578fbbb3ce8eb76ee7e956bf7c141b4c3fe82ad1766609903d48045176a804d3de0fdfbda25131405a2211b80c01d5aabb121bb1b24eabbc8b34dd14fc3b042646436608da25992bdda9fdcb13305233597433f73b1be0eaa0b7351e1461b0fa7bbe8916050c29f2b2b0db3f6288146f3b688db80459098482db9a8597d79eb7d8d11b15d9a3416e826e1899bf1b8f4bc95164c0e3b7d75dc373919239f94a5491b15b127ceaaacc0a19853e061a7e4763f01e98e394705903c5d09c17ac7e7d658f0b4eb7f89a878bdaf514e496ada4f0ffdb9cf341be0016c69d9fcf30e101b607f1a77a2e69e353eaa1c97998200002f42566ef2753d4d715f4d5fec1ecfdd2f611585d190c6d472458a6e02d6009586a53a42c09bd5e4a11fddacde73ae827d9477362c65e1ebea3e0e12489e981ecfdd9e7b8d7bb32f835de6abdabf63eb04a71877f8e18b8f8be1af1e20119daf99fdd469c8d96c4ee185384bb555263fe4cae8940ec26b6843211e0fde975a5a58141e02440827a174c3d48cdf8607fae40672a10ef188271b45b2d4e7a6f38e3999509c4f249f9f0fda66e7a6609f83ad2354342b01d8d5c2c893cad2c3a579d04c6b26c8d7d06a4384f2e2abe65aee2aa8673407480b1d15d3904190269d89ddf3c3bbc0b84e05a6eb70a1e4fa6ad12e443f948809ea325fe073396f41234cad77c95ab8f0b643e63924c5bdead294241a59c81e6d1f226d20952def0c43a349137d66984d12043b733d433e930d7b61d4ec6bb17953bc8c08f362b4b274f5b78cfa2a81acfa463898079593624c90c942f6c77f818cc22dd83250b2606ff4b8e9e1');
CREATE TABLE document (
  n      INTEGER PRIMARY KEY REFERENCES record (n),
  prefix INTEGER REFERENCES prefix (p),
  tail   BLOB NOT NULL
) STRICT;
INSERT INTO document VALUES(1,1,X'37aa92150f053bf83c68f976d717004bf3f37f548d0435a4721d9be26fe86f91bf64c0ded9d633ace53aa043e67422470567061a3ab4834becafb24cd308e60575db6aaa12be25e74960fbc8cd85278841579ad08126f8e9ce03fc1a52f5191c2819cb8baacc4a57b3bd088cfee0fdb05ab42caaf8ae531efdc25beb273ccf6c34a8bdf2b1b78d4734babb9258346c56e07add49ec75a1988803c60e3bbd66921e92f95872c0c88a28aee820546e1a141537b8e2c86ae1ca561a1a9738d9e6126c47ff9c4490f079b529f7a5821944ded301fe61d8dd875b2df3e717edf7284faf6fc17ccfbbac67496bbabe9d5a97970e3573869873ed14260fcc2aa5ab0171fc26ac84df1b08d2e511ddec8fa352be08438c2fbe562cdfe17b59bd4b7f45fb34c652d289e76614447e83a0c3d8aa0bad331fe9f016a168210ea1759ff25656bbb2cf8305e138f7cc1ce0ca01df8960d5f39be065f65b65a9304652dca5ab6405b5880089a039c3568cec02a77244a8ea709382c0914acfde255d8abcfcc92468c47ef7ad6ab5d1eb2d2c08c8d9a1b5172823ecd5142f16646a5c05292d8c17b44b26ea3c80b7b3352b49db0807c63b9d94339398d82f58f62f9fc40834d290eba5ed33ac079cf074466d883e0403b1fcb674599f11401f2abe29ea');
INSERT INTO document VALUES(2,1,X'4e6a1fdd45edd1ed7a25222ccf0f5c59a69af7b5f4444b9b112ce8572a3be34fb9fb51ac91d7d14be4a4de14aa96b103fd97bd6535d1dc2243a183fc2d3d6290def1719efbd6e7bd1db07b3a534837d8106f0e3b1cb78e87eec0f63a6d1c6f44893d0a6cbc7e60a05a38f22ff78e6c94d10ad2a9c48a838e0658376cef15dc27f726be279f0b21b256ae97d8ad6eaaf94b70867ea9adfa94d45b09d6850e29deab994e8001618252bdbfb6e212909bf26613bad0a3ba9c0b64735a776847cd95b27bb5e7dd54f243f9ebefbab1f1a835e3a61079d6220a7d904987253cbae2f901cc02ee3f1a9b83be7469e84666697394519eb1cc46261d64d12b3d15a6f859b095af015854e89b158741bf57106df503c858faa2ed857a6723eb8da846f18712490bdc8a20fcf43e130cb158dfd769f072b624d8a959eb570549015d73112c8319dc284e1291a1c630142918126cb4e96a820db8243be13c0b5359dc56141d0fb7f2ab0fcdf4ceac0f5233f8fb9640f7d6feb834826839a9a45c59644a7480277d97d05d6f55a5cc688062fb11c858c6b9ac2c68563f9312c268758fe33231159aa80fb6bb7c6211b0d916e5f7e46a48702a6238985c27de4c6640155950d1f4bb95a376d05914fcbc36077278d7e95f45b81763e14eda96efefe021');
INSERT INTO document VALUES(3,1,X'cf16e312d2672110bb8658dd15f9b9228ff5a2c0251c8e4f9586462d06ea716d49e0bd57a009a27deedccbbe6707e6224266360cd3613939b372d00de78a7dc1973d51f9fe7720458cb4b4a0090d9c3cd9540c8e00d036c5ae02998176c02e8b518f8644ddbcb02fb03f3fd4a286aadc267b9b03584049592948a147f627f45e128af67a05d94fcf45c52e77ee2fb45f69f3ae68b29b72bf4e1880cbd9b2f2f5cd671169ca57f374bcbf57ab6af7cd10ec9a79a710b3aa6b6652b67a26900e452c4f588c24a5d96716a3d9f3de1fee1e3d79e2214d4a4d0c37ea3fb24fbbca2e66eadbfe77714c1e3f3ee7bef1978ca0048dd2d88544afc1a95be2a44eb683cd9fbdd5c3fe7eeeae22cd780b28c555fd2b3a236fb1ecc2c4429decbf61c3a5a00aa294d7160b7fbc5ab15da1dc5d4f628a5b700aa4cba46cc08001fb442f5ffef0d4aaaad6492efd95f1bb79a956bda0aa345d059e00457d3564a50d514bae8c293530f524ae4ab1fefd4fde050bb1f787edd4c13fb55bb0a6b4092cc2974318fa7c80039bce6d737a3ba7e0fa04ea710392e31fd669b09f09cbbacd2933cf4378bc64692f168c158d5fd4d15dbeb09f7eef7437532c52e5e088f27c4a2134fbd17689db69b9aacca910587c5f48ad47ff200aa2f9fe9d46b1a30e5e2cf9');
CREATE TABLE leaf (
  i    INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  data TEXT NOT NULL
) STRICT;
INSERT INTO leaf VALUES(0,X'319f349f8e176262b360b3cc76e9742383c5834898faadf9da10dc2dc15fe16e',replace('vidimus/leaf/1\ntype issue\nid 69zvsby92vgrfmex\nseq 0\nprev -\nat 2026-11-22T09:30:01.000000Z\njournal c66a9be9a8b3b9ab66984987d687dba27ff081818b401cb56346218985d51f95\nkind periodic\nrecord 8ddf1d31b1ecc63b9dd09765ed911aaca575712e6fadd207a5901645471fa264\ndocument d910743bc24738102bb04a646c0b084f5de72cfb224e027b06ec61f1985c10b0\n','\n',char(10)));
INSERT INTO leaf VALUES(1,X'3f7b7dd26cac0ab4fcf264bbac933cf71e8e4394f88f7a6ca7430ae0d1402515',replace('vidimus/leaf/1\ntype issue\nid smymxd45znmnyhz5\nseq 0\nprev -\nat 2026-11-22T09:30:02.000000Z\njournal 0300f9b7b08bcec0fecab76823dcaf3fc3157ff61b4be052cc24d06c78c49cf0\nkind periodic\nrecord 23455c7987a7eb2434cd285944234431bdef4ebad0c5616be2286a5f70da69fc\ndocument 6e119b673f5679b96ed3f017cc46ed083c1a0aa5cbb9ed115cb75e9be6b22ef9\n','\n',char(10)));
INSERT INTO leaf VALUES(2,X'dbce3f7f2c5350724d85dbaa9357645d98fdb03f251e012782f914ab39c7b10e',replace('vidimus/leaf/1\ntype issue\nid sd5es24ts1cdaa0j\nseq 0\nprev -\nat 2026-11-22T09:30:03.000000Z\njournal 112851b40f28e73249e248e1e7a3fb7d4958ce607fc77d5c5f96b334465c1e4a\nkind periodic\nrecord c50b8b3b822516e0a1bd0e7a7e3b89e68414369638bef7c3c091003acfa79e2e\ndocument f066e176e1fbde34e59e361849b5a489652003a577b3421610c976f5d07a45a4\n','\n',char(10)));
INSERT INTO leaf VALUES(3,X'ef52ff60cb09b2ea4717cb6724ea423ecb7467954f9992f327022934df09620e',replace('vidimus/leaf/1\ntype change\nid smymxd45znmnyhz5\nseq 1\nprev 3f7b7dd26cac0ab4fcf264bbac933cf71e8e4394f88f7a6ca7430ae0d1402515\nat 2026-11-22T09:30:04.000000Z\njournal d6c54a750cca3ccec7ff10a50c29182192315113da72b361a02e0922daebe9c8\naction suspend\nreason inspection\neffective 2026-11-22T09:30:03.000000Z\nreplacement -\n','\n',char(10)));
CREATE TABLE node (               -- hashes of complete subtrees of 256, 65536, … leaves
  level INTEGER NOT NULL,         -- in tiles: 1, 2, …
  i     INTEGER NOT NULL,
  hash  BLOB NOT NULL,
  PRIMARY KEY (level, i)
) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
  leaf      INTEGER PRIMARY KEY REFERENCES leaf (i),
  at        INTEGER NOT NULL,
  id        BLOB NOT NULL,
  actor     TEXT NOT NULL,
  action    TEXT NOT NULL,
  effective INTEGER,
  reason    TEXT NOT NULL,
  basis     TEXT NOT NULL,
  replaced  BLOB,
  nonce     BLOB,                 -- absent after erasure
  digest    BLOB NOT NULL         -- over all above but leaf; the leaf commits to it
) STRICT;
INSERT INTO journal VALUES(0,1795339801000000,X'327fbcafc916e187d1dd','clerk@registry.example','issue',NULL,'','',NULL,X'd53b6f3b5dbee13becd077cbfbc28e564d60ede623ac07fd69ab15e0877bb05c',X'c66a9be9a8b3b9ab66984987d687dba27ff081818b401cb56346218985d51f95');
INSERT INTO journal VALUES(1,1795339802000000,X'cd3d4eb485fd695f47e5','clerk@registry.example','issue',NULL,'','',NULL,X'c87df4756d5ced11b488918d15d03458ff8db46f257da23e92383184079c2ae5',X'0300f9b7b08bcec0fecab76823dcaf3fc3157ff61b4be052cc24d06c78c49cf0');
INSERT INTO journal VALUES(2,1795339803000000,X'cb4aec889ac858d52812','clerk@registry.example','issue',NULL,'','',NULL,X'8524ed9ab1fe0404a0fe42a388c9ee57cfbe8b0d42214f655d90d138faf5a217',X'112851b40f28e73249e248e1e7a3fb7d4958ce607fc77d5c5f96b334465c1e4a');
INSERT INTO journal VALUES(3,1795339804000000,X'cd3d4eb485fd695f47e5','a','suspend',1795339803000000,'inspection','b',NULL,X'a3c59dcd378ad37fb330671328bd4c758bc4cefa6b4dde805abd4a642ea1837d',X'd6c54a750cca3ccec7ff10a50c29182192315113da72b361a02e0922daebe9c8');
CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;
INSERT INTO checkpoint VALUES(0,replace('registry.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— registry.example/log ETLAAuUqi7zuehTtpbudHFW8LgqZA+3zn2jfn/iOpK4k51BF/p7VO6ZGi8ffyyPHFXrIx76cS7QYzVtikVgFIBliEwo=\n','\n',char(10)));
INSERT INTO checkpoint VALUES(1,replace('registry.example/log\n1\nMZ80n44XYmKzYLPMdul0I4PFg0iY+q352hDcLcFf4W4=\n\n— registry.example/log ETLAAo9T8ykfWqQjhLXtLjS6qUBYnOYAUqcdyXXTP6mYZu0Qfe5xlZ4NrvqIUf/16KtP5v0NTBFslSq5FWqGKk4KrQA=\n','\n',char(10)));
INSERT INTO checkpoint VALUES(2,replace('registry.example/log\n2\n2791nfvmEexJO4SWVDaMw+GrYohEVqQZtxSdcZV+2UM=\n\n— registry.example/log ETLAAjiPTAo/guDlGBl5erIM9q8IYhWq+X82c0ra8UqD/dWUEXmtsQeBFy9e+/HrdJT9T4AfmZKGL7U7TDWDkGliHwA=\n','\n',char(10)));
INSERT INTO checkpoint VALUES(3,replace('registry.example/log\n3\nM1J+6qIkEBfU5UJYxLZIHbbS1Bi91gA/YdzhK8qv76U=\n\n— registry.example/log ETLAAnYGNP5eOBIYU8BcqodtwzZVizDUjSzH+c7ibd+GKUgsSaOKxTkW2U3O/BXGfJvbNSV53Sb5fwfo9Hl1KzAWdwk=\n','\n',char(10)));
INSERT INTO checkpoint VALUES(4,replace('registry.example/log\n4\nVCPeoI6mblhXiUXSXJTuIYl+zh242I65dYu/TLbGPT8=\n\n— registry.example/log ETLAAl3bMnkaJXlij3IZI8vQifqQy0tI1pRCOsM4q2craHOl7XHAZxYu37BUszDK0BDtKdfk/i9zvoJ98v+MZkh0dws=\n','\n',char(10)));
CREATE TABLE log (                -- one row: the log as it stands
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  origin TEXT NOT NULL,
  vkey   TEXT NOT NULL,
  size   INTEGER NOT NULL,
  edge   BLOB NOT NULL,           -- hashes of the complete subtrees on the right edge, the largest first
  last   INTEGER NOT NULL         -- time of the last leaf
) STRICT;
INSERT INTO log VALUES(1,'registry.example/log','registry.example/log+1132c002+AWnmDxFjqWT19G8l9Lzndys8dxrs9bTSaDohIJ6p/7Pg',4,X'5423dea08ea66e58578945d25c94ee21897ece1db8d88eb9758bbf4cb6c63d3f',1795339804000000);
CREATE INDEX record_sha256 ON record (sha256);
CREATE INDEX record_name ON record (surname, name);
CREATE INDEX journal_change ON journal (id) WHERE action <> 'issue';
