"""Papers as .docx in the form of NĐ 30/2020/NĐ-CP, one form a file. Number, signature and stamp are never filled in."""
